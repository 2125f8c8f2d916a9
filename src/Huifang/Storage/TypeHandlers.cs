using System.Data;
using System.Globalization;
using Dapper;

namespace Huifang.Storage;

/// <summary>
/// How our types stand in columns. Dapper's own maps are removed first, or it would store text without saying so;
/// the handlers for int and bool also let records with constructors be read from BIGINT columns.
/// </summary>
internal static class TypeHandlers
{
    internal static void Register()
    {
        Add(new Handler<DateTimeOffset>(v => v.ToUnixTimeMilliseconds(), o => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(o, CultureInfo.InvariantCulture)), DbType.Int64));
        Add(new Handler<bool>(v => v ? 1L : 0L, o => Convert.ToInt64(o, CultureInfo.InvariantCulture) != 0, DbType.Int64));
        Add(new Handler<int>(v => (long)v, o => Convert.ToInt32(o, CultureInfo.InvariantCulture), DbType.Int64));
        Add(new Handler<DateOnly>(v => v.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), o => DateOnly.Parse((string)o, CultureInfo.InvariantCulture), DbType.String));
        Add(new Handler<TimeOnly>(v => v.ToString("HH:mm:ss", CultureInfo.InvariantCulture), o => TimeOnly.Parse((string)o, CultureInfo.InvariantCulture), DbType.String));
    }

    private static void Add<T>(Handler<T> handler) where T : struct
    {
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(handler);
    }

    private sealed class Handler<T>(Func<T, object> toColumn, Func<object, T> fromColumn, DbType type) : SqlMapper.TypeHandler<T> where T : struct
    {
        public override void SetValue(IDbDataParameter parameter, T value) => (parameter.DbType, parameter.Value) = (type, toColumn(value));
        public override T Parse(object value) => fromColumn(value);
    }
}
