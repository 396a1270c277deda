using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tests.Ledger;
using LedgerGrant = Topup.Domain.Ledger.Grant;
using LedgerHold = Topup.Domain.Ledger.Hold;
using LedgerTakeBack = Topup.Domain.Ledger.TakeBack;

namespace Topup.Domain.Tests.Checkout;

/// <summary>
/// A purchase of 100 credits for 10.00 USD and the pool that it credits, kept as a store would keep them. After every
/// change the pool is checked for all that is always true, and its whole history is added up again.
/// </summary>
internal sealed class PurchaseUnderTest(bool spentBecomesDebt = true)
{
    public const string Order = "order";
    public const long Price = 10_00;
    public const long Credits = 100;

    private readonly List<Entry> history = [];
    private readonly List<PurchaseNews> news = [];
    private Instant now = Instant.From(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    public Pool Pool { get; private set; } = Pool.Empty;

    public Purchase Purchase { get; private set; } = Fresh;

    public IReadOnlyList<Entry> History => history;

    public IReadOnlyList<PurchaseNews> News => news;

    public Lot Lot => Pool.FindLot(Purchase.Lot).ShouldNotBeNull();

    /// <summary>What the tenant has, held or not, less what it owes.</summary>
    public long Worth => Pool.Balance.Total - Pool.Debt;

    public static Purchase Fresh => new()
    {
        Order = Order,
        Method = PaymentMethod.Stripe,
        Type = "sms",
        Credits = Credits,
        Price = Price,
        Currency = "USD",
        Status = PurchaseStatus.Pending,
    };

    /// <summary>A payment of the order, as agreed unless said otherwise.</summary>
    public static TakenPayment Payment(
        string id = "p1", long amount = Price, long refunded = 0, DisputeState dispute = DisputeState.None, long disputed = 0) => new()
        {
            Id = id,
            Order = Order,
            Amount = amount,
            Currency = "USD",
            Refunded = refunded,
            Dispute = dispute,
            Disputed = dispute == DisputeState.None ? 0 : disputed == 0 ? amount : disputed,
        };

    public static PaymentTruth Truth(params ImmutableArray<TakenPayment> payments) => new() { State = PaymentState.Paid, Payments = payments };

    public static PaymentTruth Truth(PaymentState state) => new() { State = state };

    public PurchaseUnderTest Learn(params ImmutableArray<TakenPayment> payments) => Learn(Truth(payments));

    public PurchaseUnderTest Learn(PaymentTruth truth, bool accept = false) => Settle(PaymentJudgement.Apply(Purchase, truth, accept));

    /// <summary>The operator puts so much of the price on the balance instead of paying it back.</summary>
    public PurchaseUnderTest Return(long money)
    {
        var wanted = Purchase with { Returned = Purchase.Returned + money };
        return Settle(wanted with { Status = PaymentJudgement.StatusOf(Purchase, wanted, wanted.Status) });
    }

    public PurchaseUnderTest Settle(Purchase wanted, Terms? terms = null)
    {
        var decision = PurchaseSettlement.Decide(Pool, terms ?? Terms, "sms", Credits, LotSource.Purchase, Purchase, wanted, spentBecomesDebt, Note.None, now);
        Keep(decision.Ledger);
        decision.Ledger.Refusal.ShouldBe(LedgerRefusal.None);
        Purchase = decision.Purchase;
        news.AddRange(decision.News);
        return this;
    }

    public Entry Spend(long units, bool cap = false)
    {
        var decision = Keep(Consumption.Decide(Pool, Terms, units, cap, Note.None, now));
        return decision.Main.ShouldNotBeNull();
    }

    /// <summary>Spends what there is, up to so much.</summary>
    public long SpendUpTo(long units) => Keep(Consumption.Decide(Pool, Terms, units, cap: true, Note.None, now)).Main?.Amount ?? 0;

    public LedgerDecision Reverse(Entry use) => Keep(Reversal.Decide(Pool, Terms, use, 0, null, Note.None, now));

    public LedgerDecision Grant(long units, Instant? expiresAt = null) =>
        Keep(LedgerGrant.Decide(Pool, Terms, units, LotSource.Promotional, Lot.PriorityMax, Instant.Always, expiresAt ?? Instant.Never, Note.None, now));

    public LedgerDecision Hold(long units) => Keep(LedgerHold.Place(Pool, Terms, units, cap: false, now.Plus(LedgerHold.TimeMax), Note.None, now));

    public LedgerDecision Release(long hold) => Keep(LedgerHold.Release(Pool, Terms, hold, Note.None, now));

    public LedgerDecision Capture(long hold, long units) => Keep(LedgerHold.Capture(Pool, Terms, hold, units, Note.None, now));

    public LedgerDecision Void(long? units = null) => Keep(LedgerTakeBack.Decide(Pool, Terms, Purchase.Lot, units, spentBecomesDebt: false, Note.None, now));

    /// <summary>Lets the lot of the purchase expire, as a pack with an end does.</summary>
    public void Expire()
    {
        now = now.Plus(TimeSpan.FromDays(1));
        Pool = Pool with { Lots = [.. Pool.Lots.Select(lot => lot.Id == Purchase.Lot ? lot with { ExpiresAt = now } : lot)] };
        Keep(Settlement.Decide(Pool, Terms, now));
    }

    public void Wait(TimeSpan time) => now = now.Plus(time);

    /// <summary>No allowance, one endless period: all there is comes of lots.</summary>
    public static Terms Terms { get; } = new() { Period = new(1, new Instant(0), new Instant(long.MaxValue / 2)), Limit = 0 };

    private LedgerDecision Keep(LedgerDecision decision)
    {
        LedgerInvariants.CheckAll(Pool, decision);
        Pool = decision.Pool;
        history.AddRange(decision.Entries);
        var verification = new Verification();
        foreach (var entry in history) verification.Add(entry);
        verification.Compare(Pool).ShouldBeEmpty();
        return decision;
    }
}
