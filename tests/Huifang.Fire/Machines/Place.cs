using System.Net;
using System.Net.Sockets;
using Huifang.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Huifang.Fire.Machines;

/// <summary>Where a server stands: its folder, its database, its port. It outlives every process that is killed on it.</summary>
public sealed class Place(string folder, string database)
{
    /// <summary>What an SMS gateway signs with.</summary>
    public const string HookSecret = "the gateway and we know it";

    public string Folder => folder;
    public string Database => database;

    /// <summary>Where what the server says is kept.</summary>
    public string LogFile { get; init; } = Path.Combine(folder, "server.log");
    public int Port { get; init; } = FreePort();
    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Where everybody outside believes that the server is: itself, or what stands in front of it.</summary>
    public string Front { get => field ?? Address; init; }

    /// <summary>How long everybody outside waits for an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public Ground Ground => new(database, Path.Combine(folder, "keys")) { CacheFolder = Path.Combine(folder, "cache") };

    /// <summary>What the server is told by its environment; whoever loads it is one address and must not be slowed down.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
    [
        new("HUIFANG_DATA", folder), new("HUIFANG_DATABASE", database), new("HUIFANG_URLS", Address), new("HUIFANG_DEMO", ""),
        new("HUIFANG_LIMITS", "1000000,10000000,10000000,100000000"), new("HUIFANG_SMS_HOOK_SECRET", HookSecret),
    ];

    /// <summary>The house without a server, to fill it and to judge it.</summary>
    public ServiceProvider Open() => new ServiceCollection().AddLogging().AddRooms(Ground).BuildServiceProvider();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
