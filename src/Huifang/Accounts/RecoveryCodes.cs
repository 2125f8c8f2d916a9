using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Accounts;

/// <summary>
/// Codes on paper for the day when passkey and authenticator are gone. A hundred and twenty bits of chance each, so that a plain hash keeps them; each stands for the
/// one-time code once, together with the password. Source: NIST SP 800-63B-4 §3.1.2 (look-up secrets), OWASP ASVS 5.0 V6.5.
/// </summary>
public sealed class RecoveryCodes(JournalDesk journal, Ids ids, TimeProvider time)
{
    public const int Count = 10;
    private const int Letters = 24;

    /// <summary>Makes ten new codes; the old ones open no more. They are shown once.</summary>
    public async Task<IReadOnlyList<string>> Make(Tx tx, string staffId)
    {
        var now = time.GetUtcNow();
        await tx.Run("delete from recovery_codes where staff_id = @staffId", new { staffId });
        var codes = new List<string>(Count);
        var random = new byte[15];
        for (var i = 0; i < Count; i++)
        {
            ids.Random(random);
            var letters = Totp.Base32(random);
            codes.Add(string.Join('-', letters.Chunk(4).Select(four => new string(four))));
            await tx.Run("insert into recovery_codes (staff_id, hash, made_at) values (@staffId, @hash, @now)", new { staffId, hash = Hash(letters), now });
        }
        await journal.Append(tx, new Fact(Fact.Care, ids.New(), "staff.recovery-made", null, now, staffId, JsonSerializer.Serialize(new { staff = staffId })));
        return codes;
    }

    /// <summary>Does it look like one of ours? A one-time code has six digits.</summary>
    public static bool IsOne(string typed) => Plain(typed).Length == Letters;

    /// <summary>Spends a code. Two who bring the same one: the second finds it used.</summary>
    public async Task<bool> Spend(Tx tx, string staffId, string typed) =>
        await tx.Run("update recovery_codes set used_at = @now where staff_id = @staffId and hash = @hash and used_at is null", new { staffId, hash = Hash(Plain(typed)), now = time.GetUtcNow() }) == 1;

    public async Task<int> Left(Tx tx, string staffId) => (int)await tx.One<long>("select count(*) from recovery_codes where staff_id = @staffId and used_at is null", new { staffId });

    private static string Plain(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static byte[] Hash(string letters) => SHA256.HashData(Encoding.ASCII.GetBytes(letters));
}
