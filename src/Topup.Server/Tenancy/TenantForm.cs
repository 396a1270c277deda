using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>A tenant between the wire and its row.</summary>
internal static class TenantForm
{
    private const int NameLengthMax = 200;
    private const int RenewalDayDefault = 1;

    public static Problem? Check(string id, TenantRequest request) =>
        Fields.TenantId("id", id)
        ?? Fields.Text("name", request.Name, NameLengthMax)
        ?? Fields.Code("plan", request.Plan)
        ?? Fields.Number("renewal_day", request.RenewalDay, BillingPeriod.RenewalDayMin, BillingPeriod.RenewalDayMax)
        ?? Fields.Email("email", request.Email)
        ?? Fields.Phone("phone", request.Phone)
        ?? Fields.Locale("locale", request.Locale)
        ?? StatusOf(request.Status).Problem;

    /// <summary>A new tenant: its first period has begun at the last renewal day.</summary>
    public static TenantRow New(string id, TenantRequest request, Instant now, TimeZoneInfo zone)
    {
        var renewalDay = request.RenewalDay ?? RenewalDayDefault;
        var row = new TenantRow(id, request.Plan ?? "", (long)(StatusOf(request.Status).Value ?? TenantStatus.Active), renewalDay,
            0, 0, 0, now.UnixMs, now.UnixMs, request.Name, request.Email ?? "", request.Phone ?? "", request.Locale ?? "");
        return row.With(BillingPeriod.First(now, renewalDay, zone));
    }

    /// <summary>The tenant as the request wants it. Where the renewal day stays, so does the period.</summary>
    public static TenantRow Change(TenantRow before, TenantRequest request, Instant now, TimeZoneInfo zone)
    {
        var renewalDay = request.RenewalDay ?? (int)before.RenewalDay;
        var after = before with
        {
            Plan = request.Plan ?? "",
            Status = (long?)StatusOf(request.Status).Value ?? before.Status,
            RenewalDay = renewalDay,
            Name = request.Name,
            Email = request.Email ?? "",
            Phone = request.Phone ?? "",
            Locale = request.Locale ?? "",
        };
        return renewalDay == before.RenewalDay
            ? after
            : after.With(before.Period.WithRenewalDay(now, (int)before.RenewalDay, renewalDay, zone));
    }

    /// <summary>The fields of the contact that differ, by name only.</summary>
    public static IEnumerable<string> ChangedContact(TenantRow before, TenantRow after)
    {
        if (before.Name != after.Name) yield return "name";
        if (before.Email != after.Email) yield return "email";
        if (before.Phone != after.Phone) yield return "phone";
        if (before.Locale != after.Locale) yield return "locale";
    }

    public static TenantView View(TenantRow row, Instant now, TimeZoneInfo zone)
    {
        var period = row.Period.At(now, (int)row.RenewalDay, zone);
        return new TenantView
        {
            Id = row.Id,
            Name = row.Name,
            Plan = NullIfEmpty(row.Plan),
            Status = StatusName((TenantStatus)row.Status),
            RenewalDay = (int)row.RenewalDay,
            Email = NullIfEmpty(row.Email),
            Phone = NullIfEmpty(row.Phone),
            Locale = NullIfEmpty(row.Locale),
            Period = new PeriodView
            {
                Number = period.Number,
                StartsAt = period.Start.ToDateTimeOffset(),
                EndsAt = period.End.ToDateTimeOffset(),
            },
            CreatedAt = new Instant(row.CreatedAt).ToDateTimeOffset(),
            UpdatedAt = new Instant(row.UpdatedAt).ToDateTimeOffset(),
        };
    }

    public static string StatusName(TenantStatus status) => status switch
    {
        TenantStatus.Active => "active",
        TenantStatus.Lapsed => "lapsed",
        TenantStatus.Suspended => "suspended",
    };

    /// <summary>The status of a name; null for no name.</summary>
    public static Outcome<TenantStatus?> StatusOf(string? name) => name switch
    {
        null => (TenantStatus?)null,
        "active" => TenantStatus.Active,
        "lapsed" => TenantStatus.Lapsed,
        "suspended" => TenantStatus.Suspended,
        _ => Problems.Invalid("status", "status must be active, lapsed or suspended."),
    };

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
