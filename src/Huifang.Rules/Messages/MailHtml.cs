using System.Net;
using System.Text;
using Huifang.Languages;

namespace Huifang.Messages;

/// <summary>The HTML form of a letter: the same words, one button, readable without pictures, scripts or outside files.</summary>
public static class MailHtml
{
    private static readonly Localized Stop = new("不想再收到这样的信", "不想再收到這樣的信", "Stop letters like this");
    private static readonly Localized Plain = new("按钮打不开时，把这个地址抄到浏览器里：", "按鈕打不開時，把這個網址抄到瀏覽器裡：", "If the button does not open, copy this address into your browser:");

    public static string Of(string sender, MessageWords words, string? link, string? unsubscribe, string language)
    {
        var html = new StringBuilder();
        html.Append($"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Text(words.Subject)}</title></head>""");
        html.Append("""<body style="margin:0;background:#f6f7f9;color:#1f2d3d;font:17px/26px -apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif">""");
        html.Append("""<div style="max-width:520px;margin:0 auto;padding:24px 20px">""");
        html.Append($"""<p style="margin:0 0 16px;font-weight:600;color:#10233a">{Text(sender)}</p><div style="background:#fff;border:1px solid #e4e8ee;border-radius:8px;padding:20px">""");
        foreach (var paragraph in words.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            html.Append($"""<p style="margin:0 0 14px">{Text(paragraph).Replace("\n", "<br>", StringComparison.Ordinal)}</p>""");
        if (link is not null && words.Action is not null)
            html.Append($"""<p style="margin:20px 0 4px"><a href="{Text(link)}" style="display:inline-block;background:#0b7a6b;color:#fff;text-decoration:none;font-weight:600;padding:13px 22px;border-radius:8px">{Text(words.Action)}</a></p>""");
        html.Append("</div>");
        if (link is not null && words.Action is not null)
            html.Append($"""<p style="margin:16px 0 0;font-size:14px;line-height:20px;color:#4f5d6e">{Plain.In(language)}<br>{Text(link)}</p>""");
        if (unsubscribe is not null)
            html.Append($"""<p style="margin:12px 0 0;font-size:14px;line-height:20px"><a href="{Text(unsubscribe)}" style="color:#2563a8">{Stop.In(language)}</a></p>""");
        return html.Append("</div></body></html>").ToString();
    }

    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
