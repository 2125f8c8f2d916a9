using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Huifang.Simulation.Machine;

/// <summary>
/// A SQLite connection that keeps its statements prepared: the same few hundred texts are run a million times, and preparing one costs more than running it.
/// A mutant may change the text of a statement on its way.
/// </summary>
internal sealed class CachedConnection(string address) : SqliteConnection(address)
{
    private readonly Dictionary<string, Stack<SqliteCommand>> _idle = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spelled = new(StringComparer.Ordinal);
    private Func<string, string>? _mutate;

    /// <summary>Changes the text of every statement from now on; null: as the house wrote it.</summary>
    public Func<string, string>? Mutate
    {
        get => _mutate;
        set { _mutate = value; _spelled.Clear(); }
    }

    protected override DbCommand CreateDbCommand() => new CachedCommand(this);

    public SqliteCommand Rent(string text)
    {
        if (_mutate is not null)
        {
            if (!_spelled.TryGetValue(text, out var spelled)) _spelled[text] = spelled = _mutate(text);
            text = spelled;
        }
        return _idle.TryGetValue(text, out var idle) && idle.TryPop(out var command) ? command : new SqliteCommand(text, this);
    }

    public void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (!_idle.TryGetValue(command.CommandText, out var idle)) _idle[command.CommandText] = idle = new();
        idle.Push(command);
    }

    public void Run(string sql)
    {
        var command = Rent(sql);
        try { command.ExecuteNonQuery(); }
        finally { Return(command); }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) foreach (var command in _idle.Values.SelectMany(stack => stack)) command.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What Dapper is given: it borrows a prepared statement when it is run and gives it back when it is disposed.</summary>
internal sealed class CachedCommand(CachedConnection connection) : DbCommand
{
    private readonly SqliteCommand _holder = new();
    private readonly List<SqliteCommand> _rented = [];

    [AllowNull] public override string CommandText { get; set; } = "";
    public override int CommandTimeout { get; set; }
    public override CommandType CommandType { get; set; } = CommandType.Text;
    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    protected override DbConnection? DbConnection { get; set; } = connection;
    protected override DbParameterCollection DbParameterCollection => _holder.Parameters;
    protected override DbTransaction? DbTransaction { get; set; }
    protected override DbParameter CreateDbParameter() => _holder.CreateParameter();

    public override int ExecuteNonQuery() => Ready().ExecuteNonQuery();
    public override object? ExecuteScalar() => Ready().ExecuteScalar();
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Ready().ExecuteReader(behavior);
    public override void Prepare() { }
    public override void Cancel() { }

    private SqliteCommand Ready()
    {
        var command = connection.Rent(CommandText);
        _rented.Add(command);
        command.Parameters.Clear();
        foreach (SqliteParameter parameter in _holder.Parameters) command.Parameters.Add(parameter);
        return command;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) foreach (var command in _rented) connection.Return(command);
        _rented.Clear();
        base.Dispose(disposing);
    }
}
