using Topup.Domain;
using Topup.Domain.Ledger;

namespace Topup.Testing.Ledger;

/// <summary>
/// What a pool should do, in the plainest way there is: one credit at a time, one day's rule after the other, no thought
/// of speed. It shares no rule with the domain, so that the two can only agree by both being right.
/// </summary>
internal sealed class LedgerModel
{
    private Books books = new();

    /// <summary>Carries one operation out. A refusal leaves the model as it was, however much time has passed.</summary>
    public Outcome Apply(Operation operation, Instant now, Terms terms)
    {
        var next = books.Copy();
        next.LetTimePass(now, terms);
        var outcome = next.Do(operation, now, terms);
        if (outcome.Refusal == LedgerRefusal.None) books = next;
        return outcome;
    }

    private enum From
    {
        Allowance,
        Unlimited,
        Lot,
        Debt,
    }

    /// <summary>One credit that was drawn.</summary>
    /// <param name="Of">The period of an allowance, the number of a lot.</param>
    private readonly record struct Credit(From From, int Of);

    private sealed record LotBook(int Number, LotSource Source, int Priority, Instant Starts, Instant Expires, long Granted)
    {
        public long Left { get; set; }
        public long Expired { get; set; }
        public long TakenBack { get; set; }
        public long Owed { get; set; }
        public bool Started { get; set; }
        public bool Voided { get; set; }

        public long Claimable => Granted - Expired - TakenBack - Owed;

        /// <summary>One credit comes back. A void lot keeps nothing but what has been paid for by a debt.</summary>
        public void Return(Instant now)
        {
            if (Voided && Claimable > 0) TakenBack++;
            else if (Expires <= now) Expired++;
            else Left++;
        }
    }

    private sealed record HoldBook(Instant Expires, List<Credit> Credits)
    {
        public bool Open { get; set; } = true;
    }

    private sealed record UseBook(List<Credit> Credits)
    {
        public int Reversed { get; set; }
    }

    private sealed class Books
    {
        private int period;
        private Instant periodEnds = Instant.Always;
        private long? limit = 0;
        private long rolledOver;
        private long used;
        private long debt;
        private List<LotBook> lots = [];
        private List<HoldBook> holds = [];
        private List<UseBook> uses = [];

        public Books Copy()
        {
            var copy = (Books)MemberwiseClone();
            copy.lots = [.. lots.Select(lot => lot with { })];
            copy.holds = [.. holds.Select(hold => hold with { })];
            copy.uses = [.. uses.Select(use => use with { })];
            return copy;
        }

        public Outcome Do(Operation operation, Instant now, Terms terms) => operation switch
        {
            Operation.Look => Done(0, 0, []),
            Operation.Spend spend => Spend(spend, terms),
            Operation.Hold hold => Hold(hold, now, terms),
            Operation.Capture capture => Capture(capture, now, terms),
            Operation.Release release => Release(release, now),
            Operation.Grant grant => Grant(grant, now, terms),
            Operation.TakeBack takeBack => TakeBack(takeBack),
            Operation.Reverse reverse => Reverse(reverse, now),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };

        public void LetTimePass(Instant now, Terms terms)
        {
            EndHolds(Instant.Earlier(now, periodEnds), now);
            while (period < terms.Period.Number) BeginNextPeriod(terms);
            if (period == terms.Period.Number) periodEnds = terms.Period.End;
            limit = terms.Limit;
            foreach (var lot in lots)
            {
                if (lot.Starts <= now) lot.Started = true;
                if (lot.Expires > now) continue;
                lot.Expired += lot.Left;
                lot.Left = 0;
            }
            EndHolds(now, now);
            PayDebt();
        }

        private void BeginNextPeriod(Terms terms)
        {
            var isFirst = period == 0;
            rolledOver = isFirst || terms.Limit is null
                ? 0
                : Math.Max(terms.Rollover.Min, Math.Min(AllowanceLeft, terms.Rollover.Max));
            used = 0;
            limit = terms.Limit;
            period = isFirst ? terms.Period.Number : period + 1;
        }

        private void EndHolds(Instant until, Instant now)
        {
            foreach (var hold in holds.Where(hold => hold.Open && hold.Expires <= until)) End(hold, captured: 0, now);
        }

        private Outcome Spend(Operation.Spend spend, Terms terms)
        {
            if (Forbidden(terms) is not LedgerRefusal.None and var refusal) return Refused(refusal, 0);
            if (!IsEnough(spend.Amount, spend.Cap)) return Refused(LedgerRefusal.InsufficientCredits, Missing(spend.Amount));
            var credits = new List<Credit>();
            while (credits.Count < spend.Amount && Best() is { } credit)
            {
                Use(credit);
                credits.Add(credit);
            }
            uses.Add(new UseBook(credits));
            return Done(credits.Count, spend.Amount - credits.Count, credits);
        }

        private Outcome Hold(Operation.Hold request, Instant now, Terms terms)
        {
            if (Forbidden(terms) is not LedgerRefusal.None and var refusal) return Refused(refusal, 0);
            if (!IsEnough(request.Amount, request.Cap)) return Refused(LedgerRefusal.InsufficientCredits, Missing(request.Amount));
            var hold = new HoldBook(now.Plus(request.Lasts), []);
            holds.Add(hold);
            while (hold.Credits.Count < request.Amount && Best() is { } credit)
            {
                if (credit.From == From.Lot) lots[credit.Of].Left--;
                hold.Credits.Add(credit);
            }
            return Done(hold.Credits.Count, request.Amount - hold.Credits.Count, hold.Credits);
        }

        private Outcome Capture(Operation.Capture capture, Instant now, Terms terms)
        {
            if (capture.HoldNumber >= holds.Count) return Refused(LedgerRefusal.HoldUnknown, 0);
            var hold = holds[capture.HoldNumber];
            if (!hold.Open) return Refused(LedgerRefusal.HoldClosed, 0);
            End(hold, capture.Amount, now);
            var credits = hold.Credits.Take((int)capture.Amount).ToList();
            while (credits.Count < capture.Amount && Forbidden(terms) == LedgerRefusal.None)
            {
                if (Best() is { } credit)
                {
                    Use(credit);
                    credits.Add(credit);
                }
                else if (debt < terms.DebtLimit)
                {
                    debt++;
                    credits.Add(new Credit(From.Debt, 0));
                }
                else break;
            }
            uses.Add(new UseBook(credits));
            PayDebt();
            return Done(credits.Count, capture.Amount - credits.Count, credits);
        }

        private Outcome Release(Operation.Release release, Instant now)
        {
            if (release.HoldNumber >= holds.Count) return Refused(LedgerRefusal.HoldUnknown, 0);
            var hold = holds[release.HoldNumber];
            if (!hold.Open) return Refused(LedgerRefusal.HoldClosed, 0);
            End(hold, captured: 0, now);
            PayDebt();
            return Done(hold.Credits.Count, 0, []);
        }

        private Outcome Grant(Operation.Grant grant, Instant now, Terms terms)
        {
            if (grant.Source == LotSource.Purchase && Forbidden(terms) is not LedgerRefusal.None and var refusal)
                return Refused(refusal, 0);
            var starts = now.Plus(grant.StartsIn ?? TimeSpan.Zero);
            var expires = grant.ExpiresIn is { } life ? now.Plus(life) : Instant.Never;
            if (expires <= starts) return Refused(LedgerRefusal.ExpiryPassed, 0);
            lots.Add(new LotBook(lots.Count, grant.Source, grant.Priority, starts, expires, grant.Amount)
            {
                Left = grant.Amount,
                Started = starts <= now,
            });
            PayDebt();
            return Done(grant.Amount, 0, []);
        }

        private Outcome TakeBack(Operation.TakeBack request)
        {
            if (request.LotNumber >= lots.Count) return Refused(LedgerRefusal.GrantUnknown, 0);
            var lot = lots[request.LotNumber];
            if (lot.Voided || lot.Claimable <= 0) return Refused(LedgerRefusal.GrantClosed, 0);
            var credits = new List<Credit>();
            var forgiven = 0;
            for (var wanted = Math.Min(request.Amount ?? long.MaxValue, lot.Claimable); wanted > 0; wanted--)
            {
                if (lot.Left > 0)
                {
                    lot.Left--;
                    lot.TakenBack++;
                    credits.Add(new Credit(From.Lot, lot.Number));
                }
                else if (request.SpentBecomesDebt)
                {
                    lot.Owed++;
                    debt++;
                    credits.Add(new Credit(From.Debt, 0));
                }
                else forgiven++;
            }
            if (request.Amount is null && !request.SpentBecomesDebt) lot.Voided = true;
            PayDebt();
            return Done(credits.Count, forgiven, credits);
        }

        private Outcome Reverse(Operation.Reverse request, Instant now)
        {
            if (request.UseNumber >= uses.Count) return Refused(LedgerRefusal.EntryUnknown, 0);
            var use = uses[request.UseNumber];
            var reversible = use.Credits.Count - use.Reversed;
            var wanted = (int)(request.Amount ?? reversible);
            if (wanted == 0 || wanted > reversible) return Refused(LedgerRefusal.ReversalTooLarge, reversible);
            var credits = Enumerable.Reverse(use.Credits).Skip(use.Reversed).Take(wanted).ToList();
            use.Reversed += wanted;
            var refund = 0;
            var returned = 0L;
            foreach (var credit in credits)
            {
                var before = Available;
                if (credit.From == From.Lot) lots[credit.Of].Return(now);
                else if (credit.From == From.Debt && debt > 0) debt--;
                else if (credit.From == From.Debt) refund++;
                else if (credit.Of == period) used--;
                var cameBack = credit.From switch
                {
                    From.Debt => true,
                    From.Unlimited => credit.Of == period,
                    _ => Available > before,
                };
                if (cameBack) returned++;
            }
            if (refund > 0)
            {
                lots.Add(new LotBook(lots.Count, LotSource.Refund, Lot.PriorityDefault, now, Instant.Never, refund)
                {
                    Left = refund,
                    Started = true,
                });
            }
            PayDebt();
            return Done(returned, wanted - returned, credits);
        }

        private bool IsUnlimited => limit is null;

        private long HeldOfThisPeriod => Held().Count(credit => credit.From == From.Allowance && credit.Of == period);

        private long AllowanceLeft => IsUnlimited ? 0 : Math.Max(limit!.Value + rolledOver - used - HeldOfThisPeriod, 0);

        private long Purchased => lots.Where(lot => lot.Started).Sum(lot => lot.Left);

        private long Available => AllowanceLeft + Purchased;

        private Balance Balance => new(AllowanceLeft, Purchased, Held().Count(credit => credit.From != From.Unlimited), debt);

        private IEnumerable<Credit> Held() => holds.Where(hold => hold.Open).SelectMany(hold => hold.Credits);

        private static LedgerRefusal Forbidden(Terms terms) =>
            terms.TenantSuspended ? LedgerRefusal.TenantSuspended
            : terms.TypeDisabled ? LedgerRefusal.TypeDisabled
            : terms.Frozen ? LedgerRefusal.PlanLapsed
            : LedgerRefusal.None;

        private bool IsEnough(long amount, bool cap) => IsUnlimited || Available >= amount || (cap && Available > 0);

        /// <summary>A purchase pays the debt first, so the debt must be bought too.</summary>
        private long Missing(long amount) => amount - Available + debt;

        /// <summary>The one credit that is spent next.</summary>
        private Credit? Best()
        {
            if (IsUnlimited) return new Credit(From.Unlimited, period);
            if (AllowanceLeft > 0) return new Credit(From.Allowance, period);
            return BestOfLots();
        }

        private Credit? BestOfLots() =>
            lots.Where(lot => lot.Started && lot.Left > 0)
                .OrderBy(lot => lot.Priority)
                .ThenBy(lot => lot.Expires)
                .ThenBy(lot => lot.Source == LotSource.Promotional ? 0 : 1)
                .ThenBy(lot => lot.Starts)
                .ThenBy(lot => lot.Number)
                .FirstOrDefault() is { } best ? new Credit(From.Lot, best.Number) : null;

        private void Use(Credit credit)
        {
            if (credit.From == From.Lot) lots[credit.Of].Left--;
            else used++;
        }

        /// <summary>The first credits of a hold become used, the others go back to where they were.</summary>
        private void End(HoldBook hold, long captured, Instant now)
        {
            hold.Open = false;
            foreach (var (from, of) in hold.Credits)
            {
                if (captured-- > 0)
                {
                    if (from != From.Lot && of == period) used++;
                }
                else if (from == From.Lot) lots[of].Return(now);
            }
        }

        private void PayDebt()
        {
            while (debt > 0 && (IsUnlimited ? BestOfLots() : Best()) is { } credit)
            {
                Use(credit);
                debt--;
            }
        }

        private Outcome Done(long done, long shortfall, List<Credit> credits) =>
            new(LedgerRefusal.None, done, shortfall, Sum(credits), Balance);

        private Outcome Refused(LedgerRefusal refusal, long shortfall) => new(refusal, 0, shortfall, Draws.None, Balance);

        private static Draws Sum(List<Credit> credits)
        {
            var byLot = credits.Where(credit => credit.From == From.Lot).GroupBy(credit => credit.Of);
            return new Draws(
                credits.Count(credit => credit.From is From.Allowance or From.Unlimited),
                string.Join(' ', byLot.Select(lot => $"{lot.Key}:{lot.Count()}")),
                credits.Count(credit => credit.From == From.Debt));
        }
    }
}
