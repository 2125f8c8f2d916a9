using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Huifang.Fire.Fuzz;

/// <summary>Makes requests: of every route, as everybody, with what the route reads and what it does not expect.</summary>
public sealed class FuzzMaker(FuzzSite site, FuzzForms forms, Mutator mutator)
{
    private static readonly Dictionary<string, string[]> Documents = new(StringComparer.Ordinal)
    {
        ["POST /v1/events"] = ["""{"specversion":"1.0","id":"e-1","source":"wallet/core","type":"withdrawal.failed","subject":"c-1","time":"2026-11-22T02:00:00Z","data":{"amount":430000,"currency":"CNY","reason":"name-check-timeout"}}""", """[{"specversion":"1.0","id":"e-2","source":"wallet/core","type":"feature.used","subject":"c-2","data":{"feature":"cross-border"}}]""", """{"amount":2580,"currency":"CNY"}"""],
        ["PUT /v1/customers/{id}"] = ["""{"name":"周慕晴","language":"zh-CN","timeZone":"Asia/Shanghai","country":"CN","segments":["vip"],"attributes":{"plan":"gold"},"since":"2024-01-01T00:00:00Z","phones":[{"value":"+8613812342690","verified":true}],"emails":[{"value":"a@b.example","verified":false}],"devices":["device-42"]}"""],
        ["POST /v1/customers"] = ["""[{"id":"w42","name":"Mia","language":"en","timeZone":"Europe/London","country":"GB","phones":[{"value":"+447700900123","verified":true}]}]"""],
        ["POST /v1/consents"] = ["""[{"customer":"c-1","purpose":"Survey","channel":"Voice","given":true,"at":"2026-11-01T09:00:00Z","wording":"2026-11"}]"""],
        ["POST /v1/follow-ups"] = ["""{"customer":"c-1","reason":"asked by the branch","script":"standard","purpose":"Service","value":500}"""],
        ["POST /v1/complaints"] = ["""{"words":"Three withdrawals came back","customer":"c-1","category":"withdrawal","topic":"failed_or_declined","amount":2580,"currency":"CNY","transaction":"t-7731","receivedAt":"2026-11-20T02:00:00Z","files":[{"name":"a.png","mediaType":"image/png","content":"iVBORw0KGgo="}]}"""],
        ["POST /v1/feedback"] = ["""[{"id":"chat-71","words":"The transfer went through but nobody told me","at":"2026-11-24T09:30:00Z","rating":"2","version":"8.14","region":"HK","customer":"c-1","language":"en"}]"""],
        ["POST /v1/webhooks"] = ["""{"url":"https://hooks.example.com/care","kinds":["follow-up.*","promise.broken"]}"""],
    };

    private static readonly string[] Types = ["application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", "text/csv", "application/octet-stream", "application/json; charset=utf-16", "a/b; c", "", "application/problem+json"];
    private static readonly string[] Names = ["Accept-Language", "Accept", "Cookie", "Range", "If-None-Match", "If-Modified-Since", "HX-Request", "HX-Target", "X-Forwarded-For", "X-HTTP-Method-Override", "Origin", "Sec-Fetch-Site", "User-Agent", "Authorization", "X-HF-Mime", "webhook-id", "webhook-timestamp", "webhook-signature", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-specversion", "ce-time", "traceparent", "Content-Encoding", "Expect", "Idempotency-Key", "X-Api-Key", "X-HF-Form"];
    private readonly IReadOnlyList<Asker> _programs = [.. site.Askers.Where(asker => asker.Key is not null)];
    private readonly IReadOnlyList<Asker> _people = [.. site.Askers.Where(asker => asker.Key is null)];

    public FuzzRequest Next()
    {
        var request = mutator.Random.Next(10) switch
        {
            < 4 when forms.All.Count > 0 => OfForm(mutator.Pick(forms.All)),
            4 when forms.Links.Count > 0 => OfLink(),
            _ => OfRoute(mutator.Pick(site.Routes)),
        };
        return Spoil(request);
    }

    public static string Address(Route route, FuzzIds ids, Mutator mutator, bool wild)
    {
        var path = new StringBuilder();
        var (before, first) = ("", route.Segments.Count > 0 && route.Segments[0].Parts[0] is RoutePatternLiteralPart one ? one.Content : "");
        foreach (var segment in route.Segments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                switch (part)
                {
                    case RoutePatternLiteralPart literal: path.Append(literal.Content); before = literal.Content; break;
                    case RoutePatternSeparatorPart separator: path.Append(separator.Content); break;
                    case RoutePatternParameterPart parameter:
                        var value = parameter.ParameterPolicies.Count > 0 ? mutator.Pick(["0", "1", "2", "99"]) : ids.For(mutator, parameter.Name, before, first);
                        path.Append(mutator.Escape(wild ? mutator.Chance(0.5) ? mutator.Value() : mutator.Near(value) : value));
                        break;
                }
        }
        return path.Length == 0 ? "/" : path.ToString();
    }

    private FuzzRequest OfRoute(Route route)
    {
        var isForPrograms = route.Pattern.StartsWith("/v1", StringComparison.Ordinal);
        var asker = mutator.Chance(0.85) ? mutator.Pick(isForPrograms ? _programs : _people) : mutator.Pick(site.Askers);
        var target = Address(route, site.Ids, mutator, wild: mutator.Chance(0.25)) + Query(route.Query);
        if (route.Method is "GET" or "DELETE" or "HEAD") return new(asker.Name, route.Method, target, [], []) { Route = route.Name };
        if (Documents.TryGetValue(route.Name, out var documents))
        {
            var document = mutator.Pick(documents);
            var body = mutator.Chance(0.1) ? Encoding.UTF8.GetBytes(document) : mutator.Json(document);
            List<(string, string)> headers = [("Content-Type", route.Pattern != "/v1/events" ? "application/json" : document[0] == '[' ? "application/cloudevents-batch+json" : document.Contains("specversion", StringComparison.Ordinal) ? "application/cloudevents+json" : "application/json")];
            if (document.StartsWith("{\"amount", StringComparison.Ordinal)) foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "e-9"), ("ce-source", "wallet"), ("ce-type", "payment.completed"), ("ce-subject", "c-1") }) if (mutator.Chance(0.9)) headers.Add((name, mutator.Chance(0.2) ? Header(mutator.Near(value)) : value));
            if (mutator.Chance(0.2)) headers.Add(("Idempotency-Key", mutator.Chance(0.7) ? $"key-{mutator.Random.Next(50)}" : Header(mutator.Value())));
            return new(asker.Name, route.Method, target, headers, body) { Route = route.Name };
        }
        return WithFields(asker.Name, route.Method, target, [.. route.Form.Select(field => (field.Name, Of(field.Type)))], route.Form.Any(field => field.Type.Name.Contains("File", StringComparison.Ordinal)), route.Name);
    }

    private FuzzRequest OfForm(FuzzForm form)
    {
        var who = mutator.Chance(0.85) ? form.As : mutator.Pick(_people).Name;
        var fields = form.Fields.Select(field => (field.Name, field.Values.Length > 0 ? mutator.Pick(field.Values) : "")).ToList();
        var target = mutator.Chance(0.9) ? form.Target : mutator.Near(form.Target).Replace(' ', '+').ReplaceLineEndings("");
        if (!target.StartsWith('/')) target = "/" + mutator.Escape(target);
        target = Printable(target);
        for (var times = mutator.Random.Next(4); times > 0 && fields.Count > 0; times--)
        {
            var at = mutator.Random.Next(fields.Count);
            switch (mutator.Random.Next(6))
            {
                case 0: fields.RemoveAt(at); break;
                case 1: fields.Add(fields[at]); break;
                case 2: fields.Add((fields[at].Name, mutator.Value())); break;
                case 3: fields[at] = (mutator.Near(fields[at].Name), fields[at].Item2); break;
                default: fields[at] = (fields[at].Name, mutator.Near(fields[at].Item2)); break;
            }
        }
        if (form.Method == "GET") return new(who, "GET", target.Split('?')[0] + "?" + string.Join('&', fields.Select(field => $"{mutator.Escape(field.Name)}={mutator.Escape(field.Item2)}")), [], []) { Route = $"form GET {form.Target.Split('?')[0]}" };
        return WithFields(who, form.Method, target, fields, form.HasFiles, $"form {form.Method} {System.Text.RegularExpressions.Regex.Replace(form.Target, "[0-9a-f-]{30,}|[A-Za-z0-9_-]{42,}", "*")}");
    }

    private FuzzRequest OfLink()
    {
        var (who, target) = mutator.Pick(forms.Links);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        if (question > 0)
            target = target[..question] + "?" + string.Join('&', target[(question + 1)..].Split('&').Select(pair => pair.Split('=', 2)).Select(pair => mutator.Chance(0.5) ? $"{pair[0]}={mutator.Escape(mutator.Near(Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "")))}" : string.Join('=', pair)));
        return new(mutator.Chance(0.9) ? who : mutator.Pick(_people).Name, "GET", Printable(target), [], []) { Route = $"link {System.Text.RegularExpressions.Regex.Replace(target.Split('?')[0], "[0-9a-f-]{30,}|[A-Za-z0-9_-]{42,}", "*")}" };
    }

    private FuzzRequest WithFields(string who, string method, string target, IReadOnlyList<(string Name, string Value)> fields, bool files, string route)
    {
        if (!files && mutator.Chance(0.93))
            return new(who, method, target, [("Content-Type", "application/x-www-form-urlencoded")], mutator.Bytes(Encoding.ASCII.GetBytes(string.Join('&', fields.Select(field => $"{mutator.Escape(field.Name)}={mutator.Escape(field.Value)}"))), 0.03)) { Route = route };
        using var body = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            var file = files && mutator.Chance(0.5) ? $"; filename=\"{mutator.Pick(["a.csv", "b.json", "c.png", "week.ics", "../../x", "", "名.txt", new string('a', 300)])}\"\r\nContent-Type: {mutator.Pick(["text/csv", "application/json", "image/png", "text/calendar", "", "x"])}" : "";
            body.Write(Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"{name.Replace('"', '_').ReplaceLineEndings("")}\"{file}\r\n\r\n"));
            body.Write(file.Length > 0 ? mutator.Bytes(Encoding.UTF8.GetBytes(mutator.Pick(Files)), 0.5) : Encoding.UTF8.GetBytes(value));
            body.Write("\r\n"u8);
        }
        body.Write("--b--\r\n"u8);
        return new(who, method, target, [("Content-Type", "multipart/form-data; boundary=b")], mutator.Bytes(body.ToArray(), 0.1)) { Route = route };
    }

    private static readonly string[] Files =
    [
        "id,words,at,rating\r\n1,\"came back, twice\",2026-11-20T09:00:00Z,2\r\n2,ok,2026-11-21T09:00:00Z,5\r\n", "[{\"id\":\"1\",\"words\":\"late\",\"rating\":1}]", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Asia/Shanghai:20261124T100000\r\nDTEND;TZID=Asia/Shanghai:20261124T180000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=4\r\nSUMMARY:shift\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "agent,day,kind,from,to\r\ns-Agent,2026-11-24,Shift,10:00,18:00\r\n", "\u0089PNG\r\n\u001a\n", "PK\u0003\u0004", "", "Complaint ID,Date received,Consumer complaint narrative,State\r\n1,2026-11-01,They kept my money,CA\r\n",
    ];

    private string Query(IReadOnlyList<Field> fields)
    {
        var asked = fields.Where(_ => mutator.Chance(0.6)).Select(field => $"{field.Name}={mutator.Escape(Of(field.Type))}").ToList();
        if (mutator.Chance(0.05)) asked.Add($"{mutator.Escape(mutator.Value())}={mutator.Escape(mutator.Value())}");
        return asked.Count == 0 ? "" : "?" + string.Join('&', asked);
    }

    /// <summary>A value of a kind, or of none.</summary>
    private string Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (mutator.Chance(0.35)) return mutator.Value();
        if (plain.IsEnum) return mutator.Pick(Enum.GetNames(plain));
        if (plain == typeof(bool)) return mutator.Pick(["true", "false"]);
        if (plain == typeof(int) || plain == typeof(long)) return mutator.Random.Next(-5, 100).ToString(CultureInfo.InvariantCulture);
        if (plain == typeof(DateOnly)) return "2026-11-24";
        return site.Ids.For(mutator, "", "", "");
    }

    private FuzzRequest Spoil(FuzzRequest request)
    {
        var headers = request.Headers.ToList();
        if (mutator.Chance(0.1)) headers.Add((mutator.Pick(Names), Header(mutator.Value())));
        if (mutator.Chance(0.1)) headers.Add(("HX-Request", "true"));
        if (mutator.Chance(0.04)) headers = [.. headers.Where(header => header.Name != "Content-Type"), ("Content-Type", mutator.Pick(Types))];
        if (mutator.Chance(0.1)) headers.Add(("Accept-Language", mutator.Pick(["zh-CN", "zh-TW", "en", "fr;q=0", "*", "x-y-z,,;q=2"])));
        var method = mutator.Chance(0.02) ? mutator.Pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"]) : request.Method;
        return request with { Headers = headers, Method = method, WithToken = mutator.Chance(0.96), Chunked = request.Body.Length > 0 && mutator.Chance(0.05) };
    }

    /// <summary>What may stand in a header: no line ends, for they would begin another one.</summary>
    private static string Header(string value) => new([.. value.Where(letter => letter is >= ' ' and not (char)127).Take(2000)]);

    private static string Printable(string target) => string.Concat(target.Select(letter => letter is > ' ' and < (char)127 and not '#' ? letter.ToString() : letter > 127 && char.IsSurrogate(letter) ? "%F0" : Uri.EscapeDataString(letter.ToString())));
}
