using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Ledger;
using Topup.Testing.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

/// <summary>That true books pass is a property; here each way of cooking them must be found.</summary>
public sealed class VerificationTests
{
    private static readonly (Pool Pool, ImmutableArray<Entry> History) Books = OneLife();

    [Fact]
    public void True_books_pass() => Differences(Books.Pool, Books.History).ShouldBeEmpty();

    [Fact]
    public void Every_wrong_figure_of_a_pool_is_found()
    {
        var pool = Books.Pool;
        Pool[] cooked =
        [
            pool with { Purchased = pool.Purchased + 1 },
            pool with { Held = pool.Held - 1 },
            pool with { Debt = pool.Debt + 1 },
            pool with { LastEntry = pool.LastEntry + 1 },
            pool with { Entries = pool.Entries - 1 },
            pool with { Holds = [] },
            pool with { Lots = pool.Lots.RemoveAt(0) },
            pool with { Allowance = pool.Allowance with { Used = pool.Allowance.Used + 1 } },
            pool with { Allowance = pool.Allowance with { Held = pool.Allowance.Held + 1 } },
            pool with { Allowance = pool.Allowance with { RolledOver = pool.Allowance.RolledOver + 1 } },
            .. pool.Lots.SelectMany(CookedLots).Select(lot => pool with { Lots = pool.Lots.Replace(pool.FindLot(lot.Id)!, lot) }),
        ];
        foreach (var books in cooked) Differences(books, Books.History).ShouldNotBeEmpty(books.ToString());
    }

    [Fact]
    public void Every_entry_that_is_missing_is_found()
    {
        for (var i = 0; i < Books.History.Length; i++)
            Differences(Books.Pool, Books.History.RemoveAt(i)).ShouldNotBeEmpty($"without {Books.History[i]}");
    }

    [Fact]
    public void Entries_out_of_order_are_found()
    {
        var (first, second) = (Books.History[0], Books.History[1]);
        Differences(Books.Pool, Books.History.SetItem(0, second).SetItem(1, first)).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_use_that_says_another_amount_than_its_draw_is_found()
    {
        for (var i = 0; i < Books.History.Length; i++)
        {
            var entry = Books.History[i];
            if (entry.Kind is not (EntryKind.Consume or EntryKind.Hold or EntryKind.Capture)) continue;
            Differences(Books.Pool, Books.History.SetItem(i, entry with { Amount = entry.Amount + 1 })).ShouldNotBeEmpty(entry.ToString());
        }
    }

    private static IEnumerable<Lot> CookedLots(Lot lot) =>
    [
        lot with { Granted = lot.Granted + 1, Remaining = lot.Remaining + 1 },
        lot with { Remaining = lot.Remaining + 1, Drawn = lot.Drawn - 1 },
        lot with { Remaining = lot.Remaining + 1, Held = lot.Held - 1 },
        lot with { Remaining = lot.Remaining + 1, Expired = lot.Expired - 1 },
        lot with { Remaining = lot.Remaining - 1 },
    ];

    private static ImmutableArray<Difference> Differences(Pool pool, ImmutableArray<Entry> history)
    {
        var verification = new Verification();
        foreach (var entry in history) verification.Add(entry);
        return verification.Compare(pool);
    }

    private static (Pool, ImmutableArray<Entry>) OneLife()
    {
        var now = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var terms = new Terms { Period = new(1, now, now.Plus(TimeSpan.FromDays(30))), Limit = 10 };
        Operation[] operations =
        [
            new Operation.Grant(10, LotSource.Purchase, Lot.PriorityDefault, null, null),
            new Operation.Grant(5, LotSource.Promotional, Lot.PriorityDefault, null, null),
            new Operation.Spend(12, Cap: false),
            new Operation.Hold(4, Cap: false, TimeSpan.FromHours(1)),
            new Operation.Reverse(0, 1),
            new Operation.Hold(3, Cap: false, TimeSpan.FromHours(1)),
            new Operation.Capture(0, 2),
        ];
        var pool = new PoolUnderTest();
        ImmutableArray<Entry> history = [.. operations.SelectMany(operation => pool.Apply(new Step(now, terms, operation)).Entries)];
        return (pool.Pool, history);
    }
}
