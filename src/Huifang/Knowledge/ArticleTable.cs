using Huifang.Storage;

namespace Huifang.Knowledge;

internal sealed class ArticleRow
{
    public string ArticleKey { get; set; } = "";
    public string Language { get; set; } = "";
    public string Title { get; set; } = "";
    public string Body { get; set; } = "";
    public string Words { get; set; } = "";
    public string CheckedOn { get; set; } = "";
}

internal static class ArticleTable
{
    private const string Columns = "article_key as articlekey, language, title, body, words, checked_on as checkedon";

    public static Task<int> Save(Tx tx, ArticleRow row) => tx.Run(
        """
        insert into articles (article_key, language, title, body, words, checked_on) values (@ArticleKey, @Language, @Title, @Body, @Words, @CheckedOn)
        on conflict (article_key, language) do update set title = excluded.title, body = excluded.body, words = excluded.words, checked_on = excluded.checked_on
        """, row);

    public static Task<ArticleRow?> Find(Tx tx, string key, string language) => tx.One<ArticleRow>($"select {Columns} from articles where article_key = @key and language = @language", new { key, language });

    public static Task<List<ArticleRow>> OfLanguage(Tx tx, string language) => tx.Query<ArticleRow>($"select {Columns} from articles where language = @language order by article_key limit 500", new { language });
}
