using Huifang.Accounts;
using Huifang.Storage;

namespace Huifang;

/// <summary>Is the process alive, and can it do its work? For load balancers; reveals nothing else.</summary>
public static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("ok")).Open("Load balancers ask; the answer reveals nothing.");
        app.MapGet("/health/ready", async (Store store, CancellationToken stop) =>
        {
            try { return await store.Read(tx => tx.One<long>("select count(*) from migrations"), stop) > 0 ? Results.Text("ok") : Results.Text("no migrations", statusCode: 503); }
            catch (Exception failed) when (failed is not OperationCanceledException) { return Results.Text("the database does not answer", statusCode: 503); }
        }).Open("Load balancers ask; the answer reveals nothing.");
    }
}
