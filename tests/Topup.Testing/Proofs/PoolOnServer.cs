using System.Globalization;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;
using Topup.Testing.Ledger;

namespace Topup.Testing.Proofs;

/// <summary>One pool of a running server, behind the words of <see cref="Operation"/>. It goes by the lanes, without HTTP.</summary>
internal sealed class PoolOnServer(LedgerLanes lanes, string tenant, string type)
{
    private const long Unknown = 1;

    private readonly List<long> lots = [];
    private readonly List<long> holds = [];
    private readonly List<long> uses = [];
    private int changes;

    public string Tenant => tenant;

    public async Task<Outcome> Apply(Operation operation, Instant now, bool again)
    {
        var note = new Note(string.Create(CultureInfo.InvariantCulture, $"{type}-{++changes}"), changes, "proof");
        var outcome = await Submit(RequestOf(operation, note, now));
        if (outcome.Main is { } main && again) await Again(operation, note, now, main);
        return OutcomeOf(outcome);
    }

    private async Task<LedgerOutcome> Submit(LedgerRequest request)
    {
        var outcome = await (lanes.Submit(request) ?? throw new BrokenPromiseException("The lane is full."));
        return outcome.Failure is { } failure ? throw new BrokenPromiseException($"The change failed: {failure}") : outcome;
    }

    /// <summary>The same request with the same key has no second effect; another request with the key is refused.</summary>
    private async Task Again(Operation operation, Note note, Instant now, Entry first)
    {
        var replay = await Submit(RequestOf(operation, note, now));
        BrokenPromiseException.Unless(replay.Replayed && replay.Main is { } main && main.Id == first.Id && main.After == first.After && main.At == first.At,
            $"{tenant}: {operation} again was not a replay of {first}, but {replay}");
        var other = await Submit(RequestOf(operation, note with { Fingerprint = -note.Fingerprint }, now));
        BrokenPromiseException.Unless(other.Refusal == LedgerRefusal.KeyReused, $"{tenant}: another request with the key of {first} was {other}");
    }

    private LedgerRequest RequestOf(Operation operation, Note note, Instant now) => operation switch
    {
        Operation.Look => new Look(tenant, type),
        Operation.Spend spend => new ConsumeCredits.Request(tenant, new UseAsked(type, spend.Amount), spend.Cap, note),
        Operation.Hold hold => new PlaceHold.Request(tenant, new UseAsked(type, hold.Amount), hold.Cap, hold.Lasts, note),
        Operation.Capture capture => new CaptureHold.Request(Id(holds, capture.HoldNumber), new CaptureAmount(capture.Amount, null), note),
        Operation.Release release => new ReleaseHold.Request(Id(holds, release.HoldNumber), note),
        Operation.Grant grant => new GrantCredits.Request(tenant, type, grant.Amount, grant.Source, grant.Priority,
            grant.StartsIn is { } wait ? now.Plus(wait) : Instant.Always,
            grant.ExpiresIn is { } life ? now.Plus(life) : Instant.Never, note),
        Operation.TakeBack takeBack => new VoidGrant.Request(Id(lots, takeBack.LotNumber), takeBack.Amount, takeBack.SpentBecomesDebt, note),
        Operation.Reverse reverse => new ReverseEntry.Request(Id(uses, reverse.UseNumber), reverse.Amount, note),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private Outcome OutcomeOf(LedgerOutcome outcome)
    {
        var pool = outcome.Pool ?? throw new BrokenPromiseException($"{tenant} got an outcome without a pool: {outcome}");
        if (outcome.Refusal != LedgerRefusal.None) return new Outcome(outcome.Refusal, 0, outcome.Shortfall, Draws.None, pool.Balance);
        lots.AddRange(pool.Lots.Select(lot => lot.Id).Except(lots).Order().ToArray());
        if (outcome.Main is not { } main) return new Outcome(LedgerRefusal.None, 0, outcome.Shortfall, Draws.None, pool.Balance);
        if (main.Kind == EntryKind.Hold) holds.Add(main.Id);
        if (main.Kind is EntryKind.Consume or EntryKind.Capture) uses.Add(main.Id);
        return new Outcome(LedgerRefusal.None, main.Amount, outcome.Shortfall, Sum(main.Draw), pool.Balance);
    }

    private Draws Sum(Draw draw)
    {
        var byLot = draw.Parts.Where(part => part.Source == DrawSource.Lot).GroupBy(part => part.Of);
        var shares = byLot.Select(lot => string.Create(CultureInfo.InvariantCulture, $"{lots.IndexOf(lot.Key)}:{lot.Sum(part => part.Units)}"));
        return new Draws(draw.Allowance, string.Join(' ', shares), draw.Debt);
    }

    private LedgerId Id(List<long> ids, int ordinal) => new(tenant, type, ordinal < ids.Count ? ids[ordinal] : Unknown);

    private sealed class Look(string tenant, string type) : LedgerRequest(tenant, type, Note.None)
    {
        public override LedgerDecision Decide(LedgerCase now) => Settlement.Decide(now.Pool, now.Terms, now.Now);
    }
}
