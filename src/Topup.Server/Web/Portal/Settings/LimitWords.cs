using Topup.Contracts;

namespace Topup.Server.Web.Portal.Settings;

/// <summary>Limits as people read of them.</summary>
internal static class LimitWords
{
    public static string Of(Locale l, LimitView limit) => limit.Cap is not { } cap ? l.Words("Switched off") : (cap.Measure, cap.Per) switch
    {
        ("uses", "hour") => l.Words("{0} uses an hour", l.Number(cap.Amount)),
        ("uses", "day") => l.Words("{0} uses a day", l.Number(cap.Amount)),
        ("uses", "week") => l.Words("{0} uses a week", l.Number(cap.Amount)),
        ("uses", _) => l.Words("{0} uses a month", l.Number(cap.Amount)),
        (_, "hour") => l.Words("{0} credits an hour", l.Number(cap.Amount)),
        (_, "day") => l.Words("{0} credits a day", l.Number(cap.Amount)),
        (_, "week") => l.Words("{0} credits a week", l.Number(cap.Amount)),
        _ => l.Words("{0} credits a month", l.Number(cap.Amount)),
    };

    /// <summary>What it holds for.</summary>
    public static string Scope(Locale l, LimitView limit, Func<string, string> nameOf)
    {
        var parts = new[] { limit.Type is { } type ? nameOf(type) : null, limit.UsageType, limit.Subject }.Where(part => part is not null).ToList();
        return parts.Count == 0 ? l.Words("Everything") : string.Join(" · ", parts);
    }
}
