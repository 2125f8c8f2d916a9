namespace Huifang.Scripts;

/// <summary>The scripts that come with the product. An operator's own versions are kept in the database and go before them.</summary>
public static class ShippedScripts
{
    public const string Standard = "standard";
    public const string WithdrawalFailed = "withdrawal-failed";
    public const string ComplaintResolved = "complaint-resolved";

    public static readonly IReadOnlyList<Script> All = [Load(Standard), Load(WithdrawalFailed), Load(ComplaintResolved)];

    public static Script? Find(string key) => All.FirstOrDefault(script => script.Key == key);

    private static Script Load(string key)
    {
        using var stream = typeof(ShippedScripts).Assembly.GetManifestResourceStream($"Huifang.Data.Scripts.{key}.json")
            ?? throw new InvalidOperationException($"the script {key} is not embedded");
        using var reader = new StreamReader(stream);
        return ScriptReader.Read(reader.ReadToEnd());
    }
}
