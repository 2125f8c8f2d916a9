using System.Globalization;
using System.Text.Json;
using Huifang.Approvals;
using Huifang.FollowUps;
using Huifang.Shell;
using Microsoft.Extensions.Localization;

namespace Huifang.Surveys;

/// <summary>The texts of campaigns: CampaignText.resx (zh-Hans), .zh-Hant and .en.</summary>
public sealed class CampaignText;

/// <summary>Puts audiences and reasons into the reader's words.</summary>
public sealed class CampaignWords(IStringLocalizer<CampaignText> text) : IApprovalWords
{
    public string Kind => CampaignApproval.Begins.Key;

    public string this[string key, params object[] values] => text[key, values];

    public string Say(JsonElement payload) => text["WouldBegin", payload.GetProperty("survey").GetString() ?? "", payload.GetProperty("version").GetInt64(), text[$"Way.{payload.GetProperty("way").GetString()}"].Value,
        Number(payload.GetProperty("most").GetInt64()), Number(payload.GetProperty("wanted").GetInt64()), Number(payload.GetProperty("refused").GetInt64())];

    /// <summary>Whom it means, as people say it.</summary>
    public string Audience(CampaignAudience audience)
    {
        var parts = new List<string> { TriggerSentence.Of(audience.Who, PageLanguage.Current).TrimEnd('。', '.') };
        if (!audience.Languages.IsEmpty) parts.Add(string.Join(text["Comma"], audience.Languages.Select(language => text[$"Language.{language}"].Value)));
        if (audience.Talk is { } talk) parts.Add(text["Who.Talk", audience.Days, talk]);
        if (audience.Event is { } type) parts.Add(text["Who.Event", audience.Days, TriggerShelf.EventName(type, PageLanguage.Current)]);
        if (audience.Product is { } product) parts.Add(text["Who.Product", audience.Days, product]);
        return string.Join(text["Comma"], parts);
    }

    /// <summary>One reason, or the word itself where none is known.</summary>
    public string Why(string why) => text[$"Why.{why}"] is { ResourceNotFound: false } known ? known.Value : why;

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A part of a whole in percent, "—" of nothing.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? "—" : $"{(100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
