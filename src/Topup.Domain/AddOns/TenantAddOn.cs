namespace Topup.Domain.AddOns;

/// <summary>How one tenant stands with one add-on, and what was charged for it last. Days are of the operator's calendar.</summary>
public sealed record TenantAddOn
{
    /// <summary>The add-on's code.</summary>
    public required string Code { get; init; }

    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    public AddOnStatus Status { get; init; }

    /// <summary>The first day that the last charge paid for.</summary>
    public DateOnly PaidFrom { get; init; }

    /// <summary>The first day that is not paid for.</summary>
    public DateOnly PaidUntil { get; init; }

    /// <summary>Days of the cycle that the last charge was a share of.</summary>
    public int CycleDays { get; init; }

    /// <summary>The price of the whole cycle by which it was charged, in smallest units.</summary>
    public long Price { get; init; }

    /// <summary>Number of the entry that took the last charge; 0: there is none to give back.</summary>
    public long Entry { get; init; }

    /// <summary>Smallest units charged and not given back for the cycle that ends at <see cref="UsedUntil"/>.</summary>
    public long Used { get; init; }

    public DateOnly UsedUntil { get; init; }

    /// <summary>When it last began to work.</summary>
    public Instant EnabledAt { get; init; }

    /// <summary>In grace, the day on which it stops working.</summary>
    public DateOnly GraceUntil { get; init; }

    /// <summary>While waiting, the order of the purchase that is to pay for it.</summary>
    public string Purchase { get; init; } = "";

    /// <summary>The feature works.</summary>
    public bool IsWorking => Status is AddOnStatus.On or AddOnStatus.Grace;

    /// <summary>What was used of it in the cycle of a day.</summary>
    public long UsedOn(DateOnly day) => day < UsedUntil ? Used : 0;

    /// <summary>What switching it off on a day gives back, at most: the unused days, that day included.</summary>
    public long UnusedFrom(DateOnly day) =>
        Status != AddOnStatus.On || Entry == 0 || day >= PaidUntil
            ? 0
            : Proration.Share(Price, PaidUntil.DayNumber - Later(day, PaidFrom).DayNumber, CycleDays);

    private static DateOnly Later(DateOnly left, DateOnly right) => left > right ? left : right;
}

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum AddOnStatus
{
    Off = 0,

    /// <summary>For a purchase to be paid.</summary>
    Waiting = 1,

    /// <summary>Paid for.</summary>
    On = 2,

    /// <summary>It works, but its renewal could not be charged yet.</summary>
    Grace = 3,

    /// <summary>It does not work until its charge can be made.</summary>
    Suspended = 4,
}
