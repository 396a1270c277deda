using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary><c>GET /v1/tenants/{id}/usage/peaks</c>: the hours of the week in which most is used, out of the newest uses of four weeks.</summary>
internal sealed class ReadPeaks(LedgerDesk desk, LedgerHistory history, TimeProvider clock, TimeZoneInfo zone)
{
    private const int UsesMax = 10_000;
    private const int DaysBack = 28;
    private static readonly EntryKind[] Kinds = [EntryKind.Consume, EntryKind.Capture];

    public async Task<IResult> Handle(HttpContext context, string id, string? type)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        if (type is null) return Problems.Of(400, ProblemCodes.MissingField, "type is missing: the code of a credit type.", "type").AsResult();
        var typed = await desk.TypeOf(type);
        if (typed.Problem is { } unknown) return unknown.AsResult();
        if (!await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        return Reply.Of<PeaksView>(View(await Uses(id, type, context.RequestAborted), typed.Value), Json.Wire.PeaksView);
    }

    /// <summary>The newest first.</summary>
    private async Task<List<Entry>> Uses(string tenant, string type, CancellationToken stop)
    {
        var since = EntryId.FirstAt(Instant.From(clock.GetUtcNow().AddDays(-DaysBack)));
        var uses = new List<StoredEntry>();
        foreach (var kind in Kinds)
            uses.AddRange(await history.Entries(tenant, new EntryFilter { Type = type, Kind = kind, FromId = since, Limit = UsesMax }, stop));
        return [.. uses.Select(row => row.Entry).OrderByDescending(entry => entry.Id).Take(UsesMax)];
    }

    private PeaksView View(List<Entry> uses, CreditType type)
    {
        var hours = uses.GroupBy(HourOf).OrderBy(hour => hour.Key)
            .Select(hour => (hour.Key, Uses: hour.Sum(entry => UsageCount.Of(entry).Uses), Units: hour.Aggregate((Int128)0, (sum, entry) => sum + entry.Amount))).ToList();
        return new PeaksView
        {
            Type = type.Code,
            BasedOn = uses.Count,
            Since = uses.Count == 0 ? null : uses[^1].At.ToDateTimeOffset(),
            Hours = [.. hours.Select(hour => View(hour, type))],
            Busiest = hours.Count == 0 ? null : View(hours.MaxBy(hour => (hour.Units, hour.Uses)), type),
        };
    }

    private static PeakView View((int Hour, long Uses, Int128 Units) hour, CreditType type) => new()
    {
        Weekday = ForecastForm.Weekdays[hour.Hour / 24],
        Hour = hour.Hour % 24,
        Uses = hour.Uses,
        Credits = ForecastForm.Decimal(hour.Units, type),
    };

    /// <summary>The hour of the week, from 0 on Monday.</summary>
    private int HourOf(Entry entry)
    {
        var local = TimeZoneInfo.ConvertTime(entry.At.ToDateTimeOffset(), zone);
        return LocalTime.WeekdayOf(LocalTime.DayOf(entry.At, zone)) * 24 + local.Hour;
    }
}
