using System.Net;
using System.Security.Claims;
using Huifang.Accounts;
using Huifang.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huifang.Web.Tests.Api;

/// <summary>The Idempotency-Key around work that breaks, as it does when a disk is full or a database is gone.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task A_key_whose_work_failed_is_given_back_at_once_and_the_next_try_is_done()
    {
        await using var site = await Site.Open();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(site.Get<IdempotencyDesk>());
        await using var app = builder.Build();
        app.Use((http, next) =>
        {
            http.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "wallet")], ApiKeyScheme.Name));
            return next(http);
        });
        IdempotencyKeys.Use(app);
        var tries = 0;
        app.MapPost("/v1/work", () => ++tries switch
        {
            1 => throw new IOException("There is no space left on the device."),
            2 => Results.StatusCode(503),
            _ => Results.Text($"done at try {tries}"),
        });
        await app.StartAsync();

        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        // The clock stands still: no lease runs out in between.
        Assert.Equal(HttpStatusCode.InternalServerError, (await Post(http)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(http)).Status);
        Assert.Equal((HttpStatusCode.OK, false, "done at try 3"), await Post(http));
        Assert.Equal((HttpStatusCode.OK, true, "done at try 3"), await Post(http));
        Assert.Equal(3, tries);
    }

    private static async Task<(HttpStatusCode Status, bool IsReplayed, string Body)> Post(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/work") { Content = new StringContent("{}"), Headers = { { "Idempotency-Key", "k-1" } } };
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.Contains("Idempotency-Replayed"), await answer.Content.ReadAsStringAsync());
    }
}
