using System.Collections.Immutable;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Testing.Ledger;

/// <summary>
/// A random life of one pool, the same for the same seed. Amounts are small and dates few, so that pools run dry, lots
/// tie in the draw order, and debts, expiries and new periods meet often.
/// </summary>
internal sealed class OperationGenerator
{
    private static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private static readonly int[] RenewalDays = [1, 15, 16, 31];
    private static readonly long?[] Limits = [null, 0, 3, 5, 10, 10];
    private static readonly int[] Priorities = [Lot.PriorityDefault, Lot.PriorityDefault, Lot.PriorityMin, Lot.PriorityMax];
    private static readonly Rollover[] Rollovers = [default, default, new(0, 4), new(2, 3), new(0, 1_000)];
    private static readonly TimeSpan[] Lives = [TimeSpan.FromHours(2), TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(40)];

    private readonly Random random;
    private readonly int renewalDay;
    private readonly Rollover rollover;
    private readonly long debtLimit;
    private Instant now = Start;
    private BillingPeriod period;
    private long? limit;
    private bool frozen;

    private OperationGenerator(int seed)
    {
        random = new Random(seed);
        renewalDay = Any(RenewalDays);
        rollover = Any(Rollovers);
        debtLimit = random.Next(3) == 0 ? 4 : 0;
        limit = Any(Limits);
        period = BillingPeriod.First(now, renewalDay, TimeZoneInfo.Utc);
    }

    public static ImmutableArray<Step> Steps(int seed, int count)
    {
        var generator = new OperationGenerator(seed);
        var steps = ImmutableArray.CreateBuilder<Step>(count);
        while (steps.Count < count) steps.Add(generator.Next());
        return steps.MoveToImmutable();
    }

    private Step Next()
    {
        now = now.Plus(Wait());
        period = period.At(now, renewalDay, TimeZoneInfo.Utc);
        if (random.Next(20) == 0) limit = Any(Limits);
        if (random.Next(frozen ? 4 : 40) == 0) frozen = !frozen;
        var terms = new Terms
        {
            Period = period,
            Limit = limit,
            Rollover = rollover,
            Frozen = frozen,
            DebtLimit = debtLimit,
            LowPercent = 20,
        };
        return new Step(now, terms, Operation());
    }

    private TimeSpan Wait() => random.Next(100) switch
    {
        < 55 => TimeSpan.Zero,
        < 70 => TimeSpan.FromMinutes(random.Next(1, 40)),
        < 85 => TimeSpan.FromHours(random.Next(1, 13)),
        < 95 => TimeSpan.FromDays(random.Next(1, 12)),
        < 98 => TimeSpan.FromDays(random.Next(20, 100)),
        _ => TimeSpan.FromHours(-random.Next(1, 50)),
    };

    private Operation Operation() => random.Next(100) switch
    {
        < 28 => new Operation.Spend(Amount(), Cap: random.Next(3) == 0),
        < 40 => new Operation.Hold(Amount(), Cap: random.Next(3) == 0, random.Next(2) == 0 ? TimeSpan.FromMinutes(30) : Any(Lives)),
        < 51 => new Operation.Capture(Number(), Amount()),
        < 57 => new Operation.Release(Number()),
        < 76 => Grant(),
        < 86 => new Operation.TakeBack(Number(), AmountOrAll(), SpentBecomesDebt: random.Next(3) > 0),
        < 96 => new Operation.Reverse(Number(), AmountOrAll()),
        _ => new Operation.Look(),
    };

    private Operation.Grant Grant()
    {
        var source = random.Next(4) switch
        {
            0 or 1 => LotSource.Purchase,
            2 => LotSource.Promotional,
            _ => LotSource.Adjustment,
        };
        TimeSpan? startsIn = random.Next(5) == 0 ? Any(Lives) : null;
        TimeSpan? expiresIn = random.Next(2) == 0 ? Any(Lives) : null;
        return new Operation.Grant(Amount(), source, Any(Priorities), startsIn, expiresIn);
    }

    private long Amount() => random.Next(8) == 0 ? random.Next(8, 20) : random.Next(1, 8);

    private long? AmountOrAll() => random.Next(2) == 0 ? null : random.Next(1, 6);

    private int Number() => random.Next(random.Next(1, 10));

    private T Any<T>(T[] choices) => choices[random.Next(choices.Length)];
}
