namespace Topup.Domain.Ledger;

/// <summary>
/// What a tenant's admin or the operator allows the tenant, or one of its subjects: a cap on uses or credits for each hour,
/// day, week or month of the operator's calendar, or none of a usage type at all. It counts with every use under the tenant's
/// lock, so no two uses together pass a cap that has room for one.
/// </summary>
public sealed record Limit
{
    /// <summary>The most limits a tenant may have: all of them are loaded with each of its uses.</summary>
    public const int LimitsMax = 200;

    /// <summary>The caller's own code, unique in the tenant.</summary>
    public required string Code { get; init; }

    /// <summary>The subject it is about; empty: the whole tenant, all subjects together.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The usage type it is about; empty: all.</summary>
    public string UsageType { get; init; } = "";

    /// <summary>The credit type it is about; empty: all. A cap on credits always has one.</summary>
    public string Type { get; init; } = "";

    public required LimitKind Kind { get; init; }

    public LimitPeriod Per { get; init; }

    /// <summary>Uses, or smallest units, for each window; 0 where the usage type is switched off.</summary>
    public long Amount { get; init; }

    /// <summary>From this moment it holds no longer; <see cref="Instant.Never"/>: it stays.</summary>
    public Instant Until { get; init; } = Instant.Never;

    /// <summary>Start of the window that was counted last.</summary>
    public Instant WindowStart { get; init; } = Instant.Always;

    /// <summary>What was used in it.</summary>
    public long Used { get; init; }

    /// <summary>That it was reached has been told for this window.</summary>
    public bool Told { get; init; }

    public long Left => Math.Max(Amount - Used, 0);

    /// <summary>When it lets more through again; <see cref="Instant.Never"/>: not by itself.</summary>
    public Instant EndsAt(TimeZoneInfo zone) =>
        Kind == LimitKind.Off ? Until : Instant.Earlier(Until, LimitWindow.EndOf(Per, WindowStart, zone));

    /// <summary>This limit in the place of another: what that one counted stays counted where both count the same thing.</summary>
    public Limit Continue(Limit? before) =>
        before is not null && (before.Kind, before.Per, before.Subject, before.UsageType, before.Type) == (Kind, Per, Subject, UsageType, Type)
            ? this with { WindowStart = before.WindowStart, Used = before.Used }
            : this;

    public bool AppliesTo(string type, string usageType, string subject, Instant now) =>
        now < Until && (Subject.Length == 0 || Subject == subject) && (UsageType.Length == 0 || UsageType == usageType)
        && (Type.Length == 0 || Type == type);

    /// <summary>The limit as of now: a new window begins with nothing used. A clock that goes back begins none.</summary>
    public Limit At(Instant now, TimeZoneInfo zone)
    {
        if (Kind == LimitKind.Off) return this;
        var start = LimitWindow.StartOf(Per, now, zone);
        return start <= WindowStart ? this : this with { WindowStart = start, Used = 0, Told = false };
    }

    /// <summary>Whether so many more uses, or credits, would go beyond it.</summary>
    public bool Forbids(long uses, long units) => Kind switch
    {
        LimitKind.Off => true,
        LimitKind.Uses => uses > Left,
        LimitKind.Credits => units > Left,
    };

    /// <summary>Counts uses and credits, or takes them off again. What was counted in a window that is over is not taken off this one.</summary>
    /// <param name="counted">When it was counted first.</param>
    public Limit Count(long uses, long units, Instant counted)
    {
        var change = Kind switch { LimitKind.Uses => uses, LimitKind.Credits => units, LimitKind.Off => 0 };
        return change == 0 || (change < 0 && counted < WindowStart) ? this : this with { Used = Math.Max(Used + change, 0) };
    }
}

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum LimitKind
{
    /// <summary>None at all.</summary>
    Off = 0,
    Uses = 1,
    Credits = 2,
}

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum LimitPeriod
{
    Hour = 0,
    Day = 1,
    Week = 2,
    Month = 3,
}

/// <summary>Windows of the operator's calendar: hours, days, weeks from Monday (ISO 8601), months.</summary>
public static class LimitWindow
{
    public static Instant StartOf(LimitPeriod per, Instant now, TimeZoneInfo zone)
    {
        var local = LocalTime.Of(now, zone);
        var date = DateOnly.FromDateTime(local);
        return per switch
        {
            // Counted back from now, so that an hour that the clock repeats is two.
            LimitPeriod.Hour => new Instant(now.UnixMs - local.Ticks % TimeSpan.TicksPerHour / TimeSpan.TicksPerMillisecond),
            LimitPeriod.Day => LocalTime.StartOf(date, zone),
            LimitPeriod.Week => LocalTime.StartOf(date.AddDays(-LocalTime.WeekdayOf(LocalTime.DayOf(date))), zone),
            LimitPeriod.Month => LocalTime.StartOf(new DateOnly(date.Year, date.Month, 1), zone),
        };
    }

    /// <summary>The first moment after the window that begins at <paramref name="start"/>.</summary>
    public static Instant EndOf(LimitPeriod per, Instant start, TimeZoneInfo zone)
    {
        var date = LocalTime.DateOf(start, zone);
        return per switch
        {
            LimitPeriod.Hour => start.Plus(TimeSpan.FromHours(1)),
            LimitPeriod.Day => LocalTime.StartOf(date.AddDays(1), zone),
            LimitPeriod.Week => LocalTime.StartOf(date.AddDays(7), zone),
            LimitPeriod.Month => LocalTime.StartOf(date.AddMonths(1), zone),
        };
    }
}
