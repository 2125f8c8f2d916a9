using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using Huifang.Accounts;

namespace Huifang.Intake;

/// <summary>
/// CloudEvents 1.0 over HTTP: structured, batched and binary. Answered after it is durable. A batch is answered item by item, so one
/// bad item never holds back the others.
/// </summary>
public static class EventEndpoints
{
    private const int BodyBytesMax = 32 * 1024 * 1024;

    public static void MapIntake(this WebApplication app) =>
        app.MapPost("/v1/events", Take).RequireAuthorization($"api:{Scope.Events}").DisableAntiforgery().WithTags("events")
            .WithSummary("Takes CloudEvents 1.0: one (structured or binary) or up to 10,000 (batched).")
            .Accepts<JsonElement>("application/cloudevents+json", "application/cloudevents-batch+json", "application/json")
            .Produces<ItemReply>(StatusCodes.Status202Accepted).Produces<ItemReply[]>().ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);

    private static async Task<IResult> Take(HttpContext http, IntakeDesk desk, TimeProvider time, CancellationToken stop)
    {
        if (http.Request.ContentLength > BodyBytesMax) return TooLarge();
        using var body = await ReadBody(http.Request.BodyReader, stop);
        if (body is null) return TooLarge();
        var (sender, now) = (http.User.FindFirstValue(ClaimTypes.NameIdentifier)!, time.GetUtcNow());
        var content = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();

        if (content == "application/cloudevents-batch+json") return Batch(await desk.Take(EventReader.ReadBatch(body.Bytes, now), sender, content, stop));
        var isBinary = http.Request.Headers.ContainsKey("ce-id") || http.Request.Headers.ContainsKey("ce-specversion");
        if (content is not ("application/cloudevents+json" or "application/json") && !isBinary)
            return Results.Problem(statusCode: 415, title: "Send application/cloudevents+json, application/cloudevents-batch+json, or application/json with ce- headers.");
        var reading = isBinary ? EventReader.ReadBinary(name => http.Request.Headers[name].FirstOrDefault(), body.Bytes, now) : EventReader.Read(body.Bytes, now);
        return One((await desk.Take([reading], sender, content ?? "", stop))[0]);
    }

    private static IResult Batch(IReadOnlyList<ItemAnswer> answers) => Results.Bytes(Json(writer =>
    {
        writer.WriteStartArray();
        foreach (var answer in answers) Write(writer, answer);
        writer.WriteEndArray();
    }), "application/json");

    private static IResult One(ItemAnswer answer) => answer.Status switch
    {
        ItemStatus.Conflict => Results.Problem(statusCode: 409, title: "Another event stands under this source and id.", detail: "An event is a fact: send a correction under an id of its own.",
            extensions: new Dictionary<string, object?> { ["id"] = answer.Id }),
        ItemStatus.Quarantined => Results.Problem(statusCode: 422, title: Say(answer), detail: "It was kept as it came; a person sees it and can send it again.",
            extensions: new Dictionary<string, object?> { ["field"] = answer.Field, ["reason"] = answer.Reason.ToString(), ["quarantine"] = answer.QuarantineId }),
        _ => Results.Text(Json(writer => Write(writer, answer)), "application/json", StatusCodes.Status202Accepted),
    };

    private static void Write(Utf8JsonWriter writer, ItemAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, answer.Id);
        writer.WriteString("status"u8, answer.Status switch { ItemStatus.Accepted => "accepted", ItemStatus.Known => "known", ItemStatus.Conflict => "conflict", _ => "quarantined" });
        if (answer.Reason is not null)
        {
            writer.WriteString("reason"u8, answer.Reason.ToString());
            writer.WriteString("field"u8, answer.Field);
            writer.WriteString("detail"u8, Say(answer));
            writer.WriteString("quarantine"u8, answer.QuarantineId);
        }
        writer.WriteEndObject();
    }

    private static string Say(ItemAnswer answer) => answer.Reason switch
    {
        UnreadableReason.NotJson => "The text is not JSON from this place on.",
        UnreadableReason.NotAnObject => $"{Field(answer)} must be a JSON object.",
        UnreadableReason.Missing => $"{Field(answer)} is missing.",
        UnreadableReason.NotText => $"{Field(answer)} must be a text.",
        UnreadableReason.TooLong => $"{Field(answer)} is too long.",
        UnreadableReason.BadCharacters => $"{Field(answer)} holds characters that cannot be stored.",
        UnreadableReason.SpecVersion => "specversion must be 1.0.",
        UnreadableReason.NotATime => $"{Field(answer)} must be a time like 2026-11-24T10:00:00Z.",
        UnreadableReason.TimeInFuture => $"{Field(answer)} is more than a day in the future.",
        UnreadableReason.NotMinorUnits => "data.amount must be a whole number of minor units: 2580 for 25.80 yuan.",
        UnreadableReason.UnknownCurrency => "data.currency is not an ISO 4217 code, nor an asset that we know.",
        UnreadableReason.Base64Data => "data_base64 is not taken; send data as a JSON object.",
        _ => $"{Field(answer)} is larger than we take.",
    };

    private static string Field(ItemAnswer answer) => answer.Field is { Length: > 0 } field ? field : "the event";

    private static IResult TooLarge() => Results.Problem(statusCode: 413, title: $"The body is larger than {BodyBytesMax / 1024 / 1024} MiB. Send smaller batches; nothing of it was taken.");

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task<Body?> ReadBody(PipeReader pipe, CancellationToken stop)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(stop);
            if (read.Buffer.Length > BodyBytesMax) return null;
            if (!read.IsCompleted) { pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End); continue; }
            var length = (int)read.Buffer.Length;
            var rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
            read.Buffer.CopyTo(rented);
            pipe.AdvanceTo(read.Buffer.End);
            return new Body(rented, length);
        }
    }

    private sealed class Body(byte[] rented, int length) : IDisposable
    {
        public ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);
        public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>What the document says about an answer.</summary>
    public sealed record ItemReply(string? Id, string Status, string? Reason, string? Field, string? Detail, string? Quarantine);
}
