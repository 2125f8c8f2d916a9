using Huifang.Storage;

namespace Huifang.Customers;

/// <summary>Only which language people speak, for many at once; nothing is opened for it.</summary>
public static class CustomerLanguages
{
    /// <summary>The ids of everybody, page by page in their order; for exports.</summary>
    public static Task<List<string>> Page(Tx tx, string after, int most) => tx.Query<string>($"select id from customers where id > @after order by id limit {most}", new { after });

    public static Task<List<(string Id, string Language)>> Of(Tx tx, string[] ids) => tx.Query<(string, string)>("select id, language from customers where id in @ids", new { ids });
}
