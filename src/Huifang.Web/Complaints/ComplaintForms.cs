using System.Collections.Immutable;
using System.Globalization;
using Huifang.Money;

namespace Huifang.Complaints;

/// <summary>Reads what forms send about complaints.</summary>
internal static class ComplaintForms
{
    public static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>An amount as people write it, in minor units; null when it is none.</summary>
    public static long? Minor(string? amount, string? currency)
    {
        if (string.IsNullOrWhiteSpace(amount) || currency is null || !Currency.IsKnown(currency)) return null;
        if (!decimal.TryParse(amount.Trim().TrimStart('¥', '$', '£', '€').Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > 1_000_000_000) return null;
        for (var digit = Currency.MinorDigits(currency); digit > 0; digit--) value *= 10;
        return value == decimal.Truncate(value) ? (long)value : null;
    }

    /// <summary>The files of a form. One that is too large is read up to one byte more than allowed, so that it is refused and never fills the memory.</summary>
    public static async Task<ImmutableArray<DraftFile>> Files(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return [];
        var found = ImmutableArray.CreateBuilder<DraftFile>();
        foreach (var file in (await http.Form()).Files.Where(file => file.Length > 0).Take(ComplaintRules.FilesMax + 1))
        {
            using var content = new MemoryStream((int)Math.Min(file.Length, ComplaintRules.FileBytesMax + 1));
            await using var stream = file.OpenReadStream();
            var buffer = new byte[81920];
            int read;
            while ((read = await stream.ReadAsync(buffer, http.RequestAborted)) > 0 && content.Length <= ComplaintRules.FileBytesMax) content.Write(buffer, 0, read);
            found.Add(new(Path.GetFileName(file.FileName), file.ContentType ?? "application/octet-stream", content.ToArray()));
        }
        return found.ToImmutable();
    }

    /// <summary>What could not be stored was not acknowledged either; the answer says which and what would work.</summary>
    public static IResult Refuse(HttpContext http, BringRefusal refusal) => refusal switch
    {
        BringRefusal.TooLarge => Results.Problem(statusCode: 413, title: "What was sent is larger than 40 MB in all. Nothing was stored.", instance: http.Request.Path, extensions: Field("files", "too-large")),
        BringRefusal.StorageFull => Results.Problem(statusCode: 507, title: "There is no room to store it. Nothing was stored or acknowledged; please send it again later.", instance: http.Request.Path, extensions: Field("", "storage-full")),
        _ => Results.Problem(statusCode: 422, title: "There is nothing in it.", instance: http.Request.Path, extensions: Field("words", "missing")),
    };

    private static Dictionary<string, object?> Field(string field, string reason) => new() { ["field"] = field, ["reason"] = reason };
}
