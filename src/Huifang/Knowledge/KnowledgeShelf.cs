using System.Text.Json;
using Huifang.Languages;
using Huifang.Storage;

namespace Huifang.Knowledge;

/// <summary>An article that an agent may read out, with the day on which somebody last made sure that it is true.</summary>
public sealed record Article(string Key, string Language, string Title, string Body, DateOnly CheckedOn);

/// <summary>The articles at hand: the operator's own, and the product's where the operator has none of that name. There are hundreds, not millions: they are ranked in memory.</summary>
public sealed class KnowledgeShelf
{
    private static readonly ILookup<string, ArticleRow> Shipped = Load();

    public async Task<Article?> Find(Tx tx, string key, string language) =>
        (await ArticleTable.Find(tx, key, language) ?? Shipped[language].FirstOrDefault(row => row.ArticleKey == key)) is { } row ? Of(row) : null;

    /// <summary>Writes an article, or its next wording.</summary>
    /// <param name="words">What people say when they mean it, with blanks between; counts more than the text.</param>
    public Task Save(Tx tx, Article article, string words) =>
        ArticleTable.Save(tx, new ArticleRow { ArticleKey = article.Key, Language = article.Language, Title = article.Title, Body = article.Body, Words = words, CheckedOn = article.CheckedOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) });

    /// <summary>The articles that fit what is said or searched for, best first.</summary>
    public async Task<IReadOnlyList<Article>> Search(Tx tx, string language, string words, int most = 5)
    {
        var own = await ArticleTable.OfLanguage(tx, language);
        var rows = own.Concat(Shipped[language].Where(row => own.TrueForAll(mine => mine.ArticleKey != row.ArticleKey))).ToList();
        var grams = Grams(words);
        if (grams.Count == 0) return [.. rows.Take(most).Select(Of)];
        return [.. rows.Select(row => (Row: row, Score: Score(row, grams))).Where(pair => pair.Score > 0)
            .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Row.ArticleKey, StringComparer.Ordinal).Take(most).Select(pair => Of(pair.Row))];
    }

    private static ILookup<string, ArticleRow> Load()
    {
        using var stream = typeof(KnowledgeShelf).Assembly.GetManifestResourceStream("Huifang.Knowledge.articles.json") ?? throw new InvalidOperationException("the articles are not embedded");
        return JsonSerializer.Deserialize<List<ShippedArticle>>(stream, JsonSerializerOptions.Web)!
            .SelectMany(article => Language.All.Select((language, i) => new ArticleRow { ArticleKey = article.Key, Language = language, Title = article.Title[i], Body = article.Body[i], Words = article.Words[i], CheckedOn = article.CheckedOn }))
            .ToLookup(row => row.Language);
    }

    /// <summary>Words in Latin script as they are, Chinese in pairs of characters: no dictionary is needed to find 提现 in a sentence.</summary>
    private static HashSet<string> Grams(string text)
    {
        var grams = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < text.Length && grams.Count < 200; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]))
            {
                var start = i;
                while (i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i + 1])) i++;
                if (i - start >= 2) grams.Add(text[start..(i + 1)].ToLowerInvariant());
            }
            else if (i + 1 < text.Length && IsHan(text[i]) && IsHan(text[i + 1])) grams.Add(text.Substring(i, 2));
        }
        return grams;
    }

    private static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fff';

    private static int Score(ArticleRow row, HashSet<string> grams) => grams.Sum(gram =>
        (row.Words.Contains(gram, StringComparison.OrdinalIgnoreCase) ? 4 : 0) + (row.Title.Contains(gram, StringComparison.OrdinalIgnoreCase) ? 3 : 0) + (row.Body.Contains(gram, StringComparison.OrdinalIgnoreCase) ? 1 : 0));

    private static Article Of(ArticleRow row) => new(row.ArticleKey, row.Language, row.Title, row.Body, DateOnly.Parse(row.CheckedOn, System.Globalization.CultureInfo.InvariantCulture));

    private sealed record ShippedArticle(string Key, string CheckedOn, string[] Title, string[] Words, string[] Body);
}
