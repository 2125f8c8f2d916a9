namespace Huifang.Contacts;

/// <summary>An icon for each finding and check; the meaning always stands beside it in words.</summary>
internal static class Icons
{
    public static string Of(Finding finding) => finding switch
    {
        Finding.Held => "player-pause",
        Finding.Dropped => "x",
        Finding.Merged => "git-merge",
        Finding.Changed => "switch-horizontal",
        Finding.Provisional => "alert-triangle",
        _ => "check",
    };

    public static string Of(ContactCheck check) => check switch
    {
        ContactCheck.Suppression => "ban",
        ContactCheck.Reach => "address-book",
        ContactCheck.Purpose => "target",
        ContactCheck.Permission => "signature",
        ContactCheck.HoldOut => "flask",
        ContactCheck.Jurisdiction => "scale",
        ContactCheck.Zone => "world",
        ContactCheck.Hours => "clock",
        ContactCheck.Holidays => "calendar-off",
        ContactCheck.OwnHours => "user-check",
        ContactCheck.Duplicate => "copy",
        ContactCheck.Expiry => "hourglass",
        _ => "repeat",
    };

    public static string Of(ContactVerdict? verdict) => verdict switch
    {
        ContactVerdict.Allow => "check",
        ContactVerdict.Hold => "player-pause",
        ContactVerdict.Merge => "git-merge",
        ContactVerdict.Reroute => "switch-horizontal",
        _ => "x",
    };
}
