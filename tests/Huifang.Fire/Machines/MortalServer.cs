using System.Globalization;
using Huifang.Commands;
using Huifang.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Huifang.Fire.Machines;

/// <summary>At which edge of which commit a server's process ends itself, as by <c>kill -9</c>.</summary>
public enum Edge
{
    /// <summary>The work is done and not committed: it must be gone, and nobody was told.</summary>
    Before,
    /// <summary>It is committed, and nobody was told yet.</summary>
    After,
}

/// <summary>
/// The product's own server in a process of its own. With HUIFANG_FIRE_DIE=Before:37 its store ends the process at that edge of the 37th commit; without it is <c>huifang serve</c> itself.
/// The product knows nothing of this: the store is put in its place here.
/// </summary>
public static class MortalServer
{
    public const string Variable = "HUIFANG_FIRE_DIE";

    public static async Task<int> Serve()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } point) return await CommandLine.Run(["serve"]);
        var (edge, commit) = (Enum.Parse<Edge>(point.Split(':')[0]), int.Parse(point.Split(':')[1], CultureInfo.InvariantCulture));
        var settings = Settings.FromEnvironment();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Huifang.Web", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(settings.Urls);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddHuifang(settings, TimeProvider.System);
        builder.Services.AddSingleton<Store>(new MortalStore(Store.Open(settings.Database), edge, commit));
        await using var app = builder.Build().MapHuifang();
        await Migrations.Apply(app.Services.GetRequiredService<Store>(), TimeProvider.System);
        await app.StartAsync();
        Console.WriteLine($"Huifang is open at {settings.Urls}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private sealed class MortalStore(Store inner, Edge edge, int last) : Store
    {
        private int _commits;
        public override Dialect Dialect => inner.Dialect;

        public override async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
        {
            var isLast = Interlocked.Increment(ref _commits) == last;
            var result = await inner.Write(async tx =>
            {
                var done = await work(tx);
                if (isLast && edge == Edge.Before) Die();
                return done;
            }, stop);
            if (isLast && edge == Edge.After) Die();
            return result;
        }

        private static void Die() => System.Diagnostics.Process.GetCurrentProcess().Kill();

        public override Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default) => inner.Read(work, stop);
        public override Task Backup(string file, CancellationToken stop = default) => inner.Backup(file, stop);
        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
