using Topup.Domain.Ledger;
using Topup.Testing.Ledger;
using LedgerHold = Topup.Domain.Ledger.Hold;
using LedgerTakeBack = Topup.Domain.Ledger.TakeBack;

namespace Topup.Domain.Tests.Ledger;

/// <summary>
/// The domain's pool behind the words of <see cref="Operation"/>, kept as a store would keep it: what is granted is
/// saved, what is refused is not, and history remembers how much of each use has been reversed.
/// </summary>
internal sealed class PoolUnderTest(Pool pool)
{
    private const long Unknown = -1;

    private readonly List<long> lots = [];
    private readonly List<long> holds = [];
    private readonly List<Entry> uses = [];
    private readonly List<long> reversed = [];

    public PoolUnderTest() : this(Pool.Empty) { }

    public Pool Pool { get; private set; } = pool;

    public IReadOnlyList<Entry> Uses => uses;

    public LedgerDecision Apply(Step step)
    {
        var decision = Decide(step.Operation, step.Terms, step.Now);
        if (!decision.IsAllowed) return decision;
        Pool = decision.Pool;
        lots.AddRange(Pool.Lots.Select(lot => lot.Id).Except(lots));
        if (decision.Main is not { } main) return decision;
        if (main.Kind == EntryKind.Hold) holds.Add(main.Id);
        if (main.Kind == EntryKind.Reversal) reversed[((Operation.Reverse)step.Operation).UseNumber] += main.Asked;
        if (main.Kind is EntryKind.Consume or EntryKind.Capture)
        {
            uses.Add(main);
            reversed.Add(0);
        }
        return decision;
    }

    public Outcome OutcomeOf(LedgerDecision decision) => new(
        decision.Refusal,
        decision.Main?.Amount ?? 0,
        decision.Shortfall,
        decision.Main is { } main ? Sum(main.Draw) : Draws.None,
        decision.IsAllowed ? decision.Pool.Balance : decision.Settled.Balance);

    private LedgerDecision Decide(Operation operation, Terms terms, Instant now) => operation switch
    {
        Operation.Look => Settlement.Decide(Pool, terms, now),
        Operation.Spend spend => Consumption.Decide(Pool, terms, spend.Amount, spend.Cap, Note.None, now),
        Operation.Hold hold => LedgerHold.Place(Pool, terms, hold.Amount, hold.Cap, now.Plus(hold.Lasts), Note.None, now),
        Operation.Capture capture =>
            LedgerHold.Capture(Pool, terms, Id(holds, capture.HoldNumber), capture.Amount, Note.None, now),
        Operation.Release release => LedgerHold.Release(Pool, terms, Id(holds, release.HoldNumber), Note.None, now),
        Operation.Grant grant => Domain.Ledger.Grant.Decide(Pool, terms, grant.Amount, grant.Source, grant.Priority,
            grant.StartsIn is { } wait ? now.Plus(wait) : Instant.Always,
            grant.ExpiresIn is { } life ? now.Plus(life) : Instant.Never, Note.None, now),
        Operation.TakeBack takeBack => LedgerTakeBack.Decide(Pool, terms, Id(lots, takeBack.LotNumber), takeBack.Amount,
            takeBack.SpentBecomesDebt, Note.None, now),
        Operation.Reverse reverse => Reversal.Decide(Pool, terms, uses.ElementAtOrDefault(reverse.UseNumber),
            reversed.ElementAtOrDefault(reverse.UseNumber), reverse.Amount, Note.None, now),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private Draws Sum(Draw draw)
    {
        var byLot = draw.Parts.Where(part => part.Source == DrawSource.Lot).GroupBy(part => part.Of);
        var shares = byLot.Select(lot => $"{lots.IndexOf(lot.Key)}:{lot.Sum(part => part.Units)}");
        return new Draws(draw.Allowance, string.Join(' ', shares), draw.Debt);
    }

    private static long Id(List<long> ids, int ordinal) => ordinal < ids.Count ? ids[ordinal] : Unknown;
}
