using System.Collections.Frozen;

namespace Huifang.Money;

/// <summary>Currencies by ISO 4217, and the crypto assets that wallets hold, with their minor digits.</summary>
public static class Currency
{
    private const string TwoDigits =
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR
        FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
        MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
        TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
        """;

    private static readonly FrozenDictionary<string, int> Digits = Make();

    /// <summary>Is it a currency or asset that we know?</summary>
    public static bool IsKnown(string code) => Digits.ContainsKey(code);

    /// <summary>How many decimal digits one unit has; 2 for an unknown code.</summary>
    public static int MinorDigits(string code) => Digits.GetValueOrDefault(code, 2);

    /// <summary>An amount in whole units: 2580 CNY-cents are 25.80.</summary>
    public static decimal Units(long minor, string code)
    {
        var units = (decimal)minor;
        for (var digit = MinorDigits(code); digit > 0; digit--) units /= 10m;
        return units;
    }

    private static FrozenDictionary<string, int> Make()
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var code in TwoDigits.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)) all[code] = 2;
        foreach (var code in "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".Split(' ')) all[code] = 0;
        foreach (var code in "BHD IQD JOD KWD LYD OMR TND".Split(' ')) all[code] = 3;
        foreach (var (code, digits) in new[] { ("BTC", 8), ("ETH", 9), ("USDT", 6), ("USDC", 6), ("TRX", 6), ("BNB", 8), ("SOL", 9), ("LTC", 8), ("DOT", 10) }) all[code] = digits;
        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
