using System.Globalization;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Web.Portal.Settings;

/// <summary>Marks at which a tenant is warned, as they are typed into a form.</summary>
internal static class AlertsTyped
{
    public static Outcome<AlertRequest> Read(Func<string, string> typed, Locale l)
    {
        var percents = Marks("low_percent", typed, l);
        var amounts = Marks("low_amount", typed, l);
        var (runway, expiring) = (Days("runway_days", typed, l), Days("expiring_days", typed, l));
        if ((percents.Problem ?? amounts.Problem ?? runway.Problem ?? expiring.Problem) is { } wrong) return wrong;
        if (percents.Value.Any(mark => mark != decimal.Truncate(mark) || mark is < 1 or > 99)) return Problems.Invalid("low_percent", l.Words("Write whole numbers from 1 to 99."));
        return new AlertRequest
        {
            LowPercent = [.. percents.Value.Select(mark => (int)mark)], LowAmount = amounts.Value, RunwayDays = runway.Value, ExpiringDays = expiring.Value,
        };
    }

    private static Outcome<IReadOnlyList<decimal>> Marks(string field, Func<string, string> typed, Locale l)
    {
        var marks = new List<decimal>();
        foreach (var part in typed(field).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = TypedNumber.Of(field, part, l);
            if (mark.Problem is { } wrong) return wrong;
            marks.Add(mark.Value);
        }
        return marks;
    }

    private static Outcome<int> Days(string field, Func<string, string> typed, Locale l)
    {
        var text = typed(field).Trim();
        if (text.Length == 0) return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : Problems.Invalid(field, l.Words("Write a whole number of days."));
    }
}
