using System.Net;
using System.Text.RegularExpressions;
using Huifang.Accounts;
using Huifang.Fire.Machines;

namespace Huifang.Fire.Load;

/// <summary>A browser without a screen: cookies, the token of the last page, no redirects followed by themselves.</summary>
public sealed partial class Browser(Place place) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = new(place.Front), Timeout = place.Patience };
    private string _token = "";

    public async Task<(HttpStatusCode Status, string Body)> Look(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(path, stop);
        var body = await answer.Content.ReadAsStringAsync(stop);
        if (Token().Match(body) is { Success: true } found) _token = WebUtility.HtmlDecode(found.Groups[1].Value);
        return (answer.StatusCode, body);
    }

    /// <summary>Sends a form of the page that was looked at last.</summary>
    public async Task<(HttpStatusCode Status, string? To)> Send(string path, CancellationToken stop, params IReadOnlyList<(string Name, string Value)> fields)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", _token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using var answer = await _http.PostAsync(path, form, stop);
        await answer.Content.ReadAsByteArrayAsync(stop);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")] private static partial Regex Token();
}

/// <summary>Customers who take a time from their link, each once.</summary>
public sealed partial class BookingCaller : ICaller
{
    private readonly Crowd _crowd;
    private readonly Random _random;
    private readonly Browser _browser;
    private readonly IReadOnlyDictionary<string, string> _links;
    private readonly Queue<string> _left;

    public BookingCaller(Place place, Population people, Crowd crowd, Random random)
    {
        (_crowd, _random, _browser, _links) = (crowd, random, new(place), people.BookingLinks);
        _left = new(people.BookingLinks.Keys);
    }

    public async Task<bool> Call(CancellationToken stop)
    {
        // What broke off is sent again with the time that was wanted then.
        var wish = _crowd.Deeds.Again(Deed.Booking) ?? (_left.TryDequeue(out var next) ? new Wish(Deed.Booking, next, "") : null);
        if (wish is null) return false;
        try
        {
            var link = _links[wish.Key];
            var (status, page) = await _browser.Look($"/r/{link}/slots", stop);
            if (status != HttpStatusCode.OK) { await Later(wish, stop); return true; }
            var slots = Slot().Matches(page).Select(found => found.Groups[1].Value).ToList();
            if (wish.About.Length == 0)
            {
                if (slots.Count == 0) { _crowd.Deeds.Refuse(wish, "no times are offered"); return true; }
                wish = wish with { About = slots[_random.Next(slots.Count)] };
            }
            var (sent, to) = await _browser.Send($"/r/{link}/book", stop, ("slot", wish.About), ("from", "slots"));
            if (sent != HttpStatusCode.Redirect) await Later(wish, stop);
            else if (to == $"/r/{link}") _crowd.Deeds.Acknowledge(wish, wish.About);
            else _crowd.Deeds.Refuse(wish, to?.Replace(link, "…", StringComparison.Ordinal) ?? "");
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException) { await Later(wish, stop); }
        return true;
    }

    private async Task Later(Wish wish, CancellationToken stop)
    {
        _crowd.Deeds.BrokeOff(wish);
        await Task.WhenAny(Task.Delay(100, stop));
    }

    public void Dispose() => _browser.Dispose();

    [GeneratedRegex("name=\"slot\" value=\"([^\"]+)\"")] private static partial Regex Slot();
}

/// <summary>An agent who takes the next talk, reaches nobody or somebody who does not want to, and takes the next.</summary>
public sealed partial class AgentCaller(Place place, StaffSecrets who, Crowd crowd) : ICaller
{
    private readonly Browser _browser = new(place);
    private bool _isIn;

    public async Task<bool> Call(CancellationToken stop)
    {
        try
        {
            if (!_isIn && !await SignIn(stop)) { await Task.WhenAny(Task.Delay(200, stop)); return true; }
            var (status, page) = await _browser.Look("/desk", stop);
            if (status == HttpStatusCode.Unauthorized) { _isIn = false; return true; }
            if (status != HttpStatusCode.OK) { await Task.WhenAny(Task.Delay(100, stop)); return true; }
            if (InHand().Match(page) is { Success: true } hand) await Finish(hand.Groups[1].Value, stop);
            else await Next(stop);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException) { await Task.WhenAny(Task.Delay(100, stop)); }
        return true;
    }

    private async Task Next(CancellationToken stop)
    {
        var wish = new Wish(Deed.Take, "", "");
        var (sent, to) = await _browser.Send("/desk/next", stop);
        if (sent != HttpStatusCode.Redirect) return;
        if (to != "/desk") { crowd.Deeds.Refuse(wish, to ?? ""); await Task.WhenAny(Task.Delay(300, stop)); return; }
        // Which one it is, the desk says; it was promised by the answer before.
        var (status, page) = await _browser.Look("/desk", stop);
        if (status != HttpStatusCode.OK) return;
        if (InHand().Match(page) is { Success: true } hand) crowd.Deeds.Acknowledge(wish with { Key = hand.Groups[1].Value }, who.Login);
        else crowd.Contradict($"{who.Login} was given a talk, and the desk is empty");
    }

    private async Task Finish(string call, CancellationToken stop)
    {
        var wish = new Wish(Deed.Finish, call, who.Login);
        if (crowd.Deeds.Of(Deed.Finish).ContainsKey(call)) crowd.Contradict($"call {call} was finished and is in {who.Login}'s hand again");
        var (sent, to) = await _browser.Send($"/desk/calls/{call}/finish", stop, ("outcome", "Declined"));
        if (sent == HttpStatusCode.Redirect && to == "/desk") crowd.Deeds.Acknowledge(wish, who.Login);
        else if ((int)sent < 500) crowd.Deeds.Refuse(wish, $"{(int)sent} {to}");
    }

    /// <summary>Through the door like everybody: password and code.</summary>
    public async Task<bool> SignIn(CancellationToken stop)
    {
        if (_isIn) return true;
        await _browser.Look("/signin", stop);
        var code = Totp.CodeAt(FromBase32(who.TotpSecret), Totp.StepAt(DateTimeOffset.UtcNow));
        var (status, to) = await _browser.Send("/signin", stop, ("user", who.Login), ("password", who.Password), ("code", code));
        return _isIn = status == HttpStatusCode.Redirect && to?.StartsWith("/signin", StringComparison.Ordinal) == false;
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    public void Dispose() => _browser.Dispose();

    [GeneratedRegex("data-call=\"([^\"]+)\"")] private static partial Regex InHand();
}
