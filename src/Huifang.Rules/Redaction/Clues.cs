using System.Collections.Frozen;

namespace Huifang.Redaction;

/// <summary>What a word announces about the value beside it.</summary>
internal enum Clue
{
    None,
    // What follows must go.
    Card, Id, Phone, Email, Password, Pin, Otp, Cvv, Seed, PrivateKey, Ssn, Iban, Account,
    // What follows must stay.
    CardTail, Order, Error, Hotline,
}

/// <summary>The words that announce a secret or a look-alike, in three languages. Longest wins; Latin words match whole words only.</summary>
internal static class Clues
{
    private static readonly (Clue Clue, string Words)[] Lists =
    [
        (Clue.Card, "卡号 卡號 卡片号码 卡片號碼 银行卡 銀行卡 信用卡 借记卡 借記卡 扣账卡 扣賬卡 提款卡 储蓄卡 儲蓄卡 金融卡 银联卡 銀聯卡|card|cards|card number|card no|card num|debit card|credit card|credit no|credit number|credit|visa|mastercard|amex|unionpay|pan|cc"),
        (Clue.CardTail, "尾号 尾號 末四位 末四碼 后四位 後四位 後四碼|ending|ending in|ending with|ends in|ends with|last four|last 4|last four digits|last 4 digits"),
        (Clue.Id, "身份证 身分證 身份證 身分證字號 证件号 證件號|id card|id number|id no|identity card|national id|identity number"),
        (Clue.Phone, "电话 電話 手机 手機 联系方式 聯絡方式 聯繫方式 手提 號碼|phone|phone number|mobile|cell|cellphone|call me|tel|telephone|whatsapp|contact number|text me|reach me|my number|call|answering at|messages to"),
        (Clue.Hotline, "客服 客服电话 客服電話 热线 熱線 拨打 撥打|hotline|dial|helpline|customer service"),
        (Clue.Otp, "验证码 驗證碼 校验码 校驗碼 动态码 動態碼 动态口令 動態口令 动态密码 動態密碼 短信码 簡訊碼 一次性密码 一次性密碼 认证码 認證碼|otp|one time code|one-time code|one-time password|one time password|verification code|passcode|code|sms code|auth code|authentication code|2fa|code word"),
        (Clue.Pin, "支付密码 支付密碼 交易密码 交易密碼 取款密码 提款密碼 付款密码 付款密碼 六位密码 六位密碼|pin|pin code|pin number|pin no|payment password"),
        (Clue.Cvv, "安全码 安全碼 背面三位 背面末三碼 末三碼 末三位 卡背后三位 卡背後三碼|cvv|cvv2|cvc|cvc2|csc|cvn|security code|card security code|three digits on the back|3 digits on the back"),
        (Clue.Password, "密码 密碼 口令|password|passwd|pwd|passphrase|pass word|passcodes"),
        (Clue.Seed, "助记词 助記詞 助忆词 恢复短语 復原短語 恢复词 恢復詞|seed phrase|seed|recovery phrase|secret recovery phrase|mnemonic|mnemonic phrase|secret phrase|backup phrase|seed words|recovery words"),
        (Clue.PrivateKey, "私钥 私鑰 密钥 密鑰|private key|secret key"),
        (Clue.Order, "订单 訂單 订单号 訂單號 訂單編號 交易号 交易號 交易編號 交易编号 流水号 流水號 流水 单号 單號 编号 編號 参考号 參考編號 案号 案號 运单 運單 快递 哈希 雜湊 哈希值 發票 发票 批次|order|order number|order no|order id|transaction|transaction id|transaction number|txn|tx|reference|reference number|ref|ref no|case|case number|invoice|tracking|tracking number|hash|ticket|version|model|flight"),
        (Clue.Error, "错误代码 錯誤代碼 错误码 錯誤碼 报错 報錯 错误 錯誤 提示 代码 代碼 邮编 郵編 邮政编码 郵遞區號 邀请码 邀請碼 优惠码 優惠碼 二维码 二維碼|error|error code|errors|err|status code|zip code|zip|postal code|post code|postcode|country code|area code|promo code|coupon code|qr code|swift code|invite code|referral code|discount code|sort code|source code|dress code|response code|exit code|code of"),
        (Clue.Ssn, "社会安全号 社會安全號碼|ssn|ssn no|social security|social security number|social security no|social"),
        (Clue.Iban, "|iban"),
        (Clue.Account, "银行账号 銀行帳號 銀行帳戶號碼 收款账号 收款帳號 账户号码 帳戶號碼|account number|account no|account num|acct|acct no|ac no|a/c|a/c no|savings account|checking account"),
        (Clue.Email, "邮箱 郵箱 電郵 邮件 電子郵件 電子信箱|email|e-mail|mail|email address|gmail"),
    ];

    private static readonly FrozenDictionary<char, (string Word, Clue Clue)[]> ByFirst = Build();

    /// <summary>True for a character that can begin one of the words: the scan stops only there.</summary>
    internal static readonly bool[] Begins = Flags();

    private static FrozenDictionary<char, (string, Clue)[]> Build() =>
        Lists.SelectMany(list => Split(list.Words).Select(word => (Word: word, list.Clue)))
            .GroupBy(entry => entry.Word[0])
            .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Word.Length).ToArray());

    private static IEnumerable<string> Split(string words)
    {
        var parts = words.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var spaced = words.IndexOf('|');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i == 0 && spaced > 0)
                foreach (var word in parts[0].Split(' ')) yield return word;
            else
                yield return parts[i];
        }
    }

    private static bool[] Flags()
    {
        var flags = new bool[char.MaxValue + 1];
        foreach (var first in ByFirst.Keys)
        {
            flags[first] = true;
            flags[char.ToUpperInvariant(first)] = true;
        }
        return flags;
    }

    /// <summary>The longest clue that begins at <paramref name="at"/>, with the position behind it.</summary>
    internal static Clue At(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        var first = text[at];
        if (first < 128)
        {
            if (at > 0 && char.IsAsciiLetter(text[at - 1])) return Clue.None;
            first = char.ToLowerInvariant(first);
        }
        if (!ByFirst.TryGetValue(first, out var entries)) return Clue.None;
        foreach (var (word, clue) in entries)
        {
            var stop = at + word.Length;
            if (stop > text.Length || !Same(text[at..stop], word)) continue;
            if (first < 128 && stop < text.Length && char.IsAsciiLetter(text[stop])) continue;
            end = stop;
            return clue;
        }
        return Clue.None;
    }

    private static bool Same(ReadOnlySpan<char> text, string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            var c = text[i];
            if (c is >= 'A' and <= 'Z') c = (char)(c | 0x20);
            if (c != word[i]) return false;
        }
        return true;
    }

    /// <summary>The kinds that a turn asks for or announces.</summary>
    internal static SecretKinds Mentioned(ReadOnlySpan<char> turn)
    {
        var kinds = SecretKinds.None;
        for (var i = 0; i < turn.Length; i++)
        {
            if (!Begins[turn[i]]) continue;
            kinds |= Announces(At(turn, i, out var end));
            if (end > i) i = end - 1;
        }
        return kinds;
    }

    private static SecretKinds Announces(Clue clue) => clue switch
    {
        Clue.Card or Clue.CardTail => SecretKinds.Card,
        Clue.Id => SecretKinds.CnId,
        Clue.Phone => SecretKinds.Phone,
        Clue.Email => SecretKinds.Email,
        Clue.Password => SecretKinds.Password,
        Clue.Pin => SecretKinds.Pin,
        Clue.Otp => SecretKinds.Otp,
        Clue.Cvv => SecretKinds.Cvv,
        Clue.Seed or Clue.PrivateKey => SecretKinds.SeedPhrase,
        Clue.Ssn => SecretKinds.Ssn,
        Clue.Iban => SecretKinds.Iban,
        Clue.Account => SecretKinds.Account,
        _ => SecretKinds.None,
    };
}
