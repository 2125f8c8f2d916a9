using Huifang.Storage;

namespace Huifang.Customers;

/// <summary>Only which language people speak, for many at once; nothing is opened for it.</summary>
public static class CustomerLanguages
{
    public static Task<List<(string Id, string Language)>> Of(Tx tx, string[] ids) => tx.Query<(string, string)>("select id, language from customers where id in @ids", new { ids });
}
