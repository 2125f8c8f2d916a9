namespace Huifang.Fire.Machines;

/// <summary>Proxies between the server and its PostgreSQL, and between everybody outside and the server.</summary>
public sealed class Network : IDisposable
{
    public const string Cut = "connections cut", Deaf = "connections deaf", DatabaseCut = "database connections cut", DatabaseDeaf = "database connections deaf", Slow = "everything slow";

    /// <summary>The ways in which it misbehaves.</summary>
    public static readonly string[] Ways = [Cut, Deaf, DatabaseCut, DatabaseDeaf, Slow];

    public Network(Cluster? cluster, int server)
    {
        Database = cluster is null ? null : new TcpProxy(cluster.Port);
        Clients = new TcpProxy(server);
    }

    public TcpProxy? Database { get; }
    public TcpProxy Clients { get; }

    public async Task Do(string how)
    {
        switch (how)
        {
            case Cut: Clients.Cut(); break;
            case Deaf: Clients.Deafen(); break;
            case DatabaseCut: Database?.Cut(); break;
            case DatabaseDeaf: Database?.Deafen(); break;
            default:
                foreach (var proxy in new[] { Database, Clients }) proxy?.Delay(TimeSpan.FromMilliseconds(80));
                await Task.Delay(2000);
                foreach (var proxy in new[] { Database, Clients }) proxy?.Delay(default);
                break;
        }
    }

    public void Dispose()
    {
        Database?.Dispose();
        Clients.Dispose();
    }
}
