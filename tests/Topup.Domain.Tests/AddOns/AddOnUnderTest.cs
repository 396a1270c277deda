using System.Globalization;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Domain.Tests.AddOns;

/// <summary>One add-on of one tenant and the pool that pays, kept as a store would keep them; every charge and give-back is remembered.</summary>
internal sealed class AddOnUnderTest(string day, int renewalDay = 1, TimeZoneInfo? zone = null)
{
    private readonly Dictionary<long, (Entry Entry, long Reversed)> charges = [];
    private BillingPeriod period = BillingPeriod.First(LocalTime.StartOf(Day(day), zone ?? TimeZoneInfo.Utc), renewalDay, zone ?? TimeZoneInfo.Utc);

    public static readonly AddOn Bot = new() { Code = "bot", Type = "addons", Name = "Bot", Price = 30_00, Active = true };

    public AddOn? AddOn { get; set; } = Bot;
    public TenantAddOn State { get; private set; } = new() { Code = "bot", Type = "addons" };
    public Pool Pool { get; private set; } = Pool.Empty;
    public TimeZoneInfo Zone { get; } = zone ?? TimeZoneInfo.Utc;

    public DateOnly Today { get; set; } = Day(day);
    public TimeSpan Time { get; set; } = TimeSpan.FromHours(12);
    public int RenewalDay { get; private set; } = renewalDay;
    public TenantStatus Status { get; set; }
    public string? Plan { get; set; }
    public long? Allowance { get; set; } = 0;
    public int GraceDays { get; set; } = 3;

    /// <summary>Every charge in order, with the days that it was for.</summary>
    public List<(DateOnly From, DateOnly Until, long Units)> Charges { get; } = [];

    /// <summary>The days of the charges, without those that were given back.</summary>
    public List<(DateOnly From, DateOnly Until)> Used { get; } = [];
    public long GivenBack { get; private set; }
    public List<AddOnNews> News { get; } = [];

    public long Left => Pool.Balance.Available;
    public Instant Now => LocalTime.StartOf(Today, Zone).Plus(Time);

    public static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    public void Change(int newRenewalDay)
    {
        period = period.WithRenewalDay(Now, RenewalDay, newRenewalDay, Zone);
        RenewalDay = newRenewalDay;
    }

    public void Grant(long units) => Pool = Domain.Ledger.Grant.Decide(
        Pool, Case().Terms, units, LotSource.Purchase, Lot.PriorityDefault, Instant.Always, Instant.Never, Note.None, Now).Pool;

    public void Spend(long units) => Pool = Consumption.Decide(Pool, Case().Terms, units, cap: true, Note.None, Now).Pool;

    public AddOnDecision Enable() => Keep(Enabling.Decide(State, AddOn!, Case(), Note.None));

    public AddOnDecision Await() => Keep(Enabling.Await(State, Case(), "order"));

    public AddOnDecision Continue(PurchaseStanding standing) => Keep(Enabling.Continue(State, AddOn, Case(), standing, Note.None));

    public AddOnDecision Disable()
    {
        var (entry, reversed) = charges.GetValueOrDefault(State.Entry);
        if (State.Status == AddOnStatus.On) Used[^1] = (Used[^1].From, Today < Used[^1].Until ? Today : Used[^1].Until);
        return Keep(Disabling.Decide(State, Case(), entry, reversed, Note.None));
    }

    /// <summary>As the worker does: again and again, until nothing more is due.</summary>
    public void Renew()
    {
        for (var before = State; ; before = State)
        {
            Keep(Renewal.Decide(State, AddOn, Case(), GraceDays, Note.None));
            if (State == before || State.Status != AddOnStatus.On) return;
        }
    }

    public AddOnDecision RenewOnce() => Keep(Renewal.Decide(State, AddOn, Case(), GraceDays, Note.None));

    private AddOnCase Case()
    {
        period = period.At(Now, RenewalDay, Zone);
        var tenant = new Tenant("tenant", Plan, Status, RenewalDay, period);
        var terms = new Terms { Period = period, Limit = Allowance, TenantSuspended = Status == TenantStatus.Suspended };
        return new AddOnCase(Pool, terms, Now, Today, tenant);
    }

    private AddOnDecision Keep(AddOnDecision decision)
    {
        if (decision.Refusal != AddOnRefusal.None || !decision.Ledger.IsAllowed) return decision;
        (State, Pool) = (decision.AddOn, decision.Ledger.Pool);
        if (decision.News != AddOnNews.None) News.Add(decision.News);
        if (decision.Ledger.Main is { Kind: EntryKind.Consume } charge)
        {
            charges[charge.Id] = (charge, 0);
            var days = charge.Note.Reference.Split('/');
            Charges.Add((Day(days[0]), Day(days[1]), charge.Amount));
            Used.Add((Day(days[0]), Day(days[1])));
        }
        if (decision.Ledger.Main is { Kind: EntryKind.Reversal } back)
        {
            charges[back.Related] = charges[back.Related] with { Reversed = charges[back.Related].Reversed + back.Asked };
            GivenBack += back.Asked;
        }
        return decision;
    }
}
