using Huifang.Contacts;

namespace Huifang.Consents;

/// <summary>What a customer said about one purpose on one channel, with the evidence for it. The newest one counts.</summary>
/// <param name="Given">True: she agreed. False: she withdrew, which holds from this instant.</param>
/// <param name="By">Who recorded it: <c>customer</c>, an agent's id, or the integration's name.</param>
/// <param name="How">The way it was said: <c>portal</c>, <c>link</c>, <c>sms</c>, <c>call</c>, <c>import</c>, <c>api</c>.</param>
/// <param name="Wording">The version of the text that she agreed to or refused.</param>
public sealed record Consent(string CustomerId, Purpose Purpose, Channel Channel, bool Given, DateTimeOffset At, string By, string How, string Wording);

/// <summary>Somebody who must not be contacted: a person, or a number or address whoever it belongs to.</summary>
/// <param name="Purpose">Null: for every purpose but security.</param>
public sealed record Suppression(string Id, string? CustomerId, Purpose? Purpose, string Reason, DateTimeOffset At, string By);
