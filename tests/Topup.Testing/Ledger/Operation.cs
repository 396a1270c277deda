using Topup.Domain;
using Topup.Domain.Ledger;

namespace Topup.Testing.Ledger;

/// <summary>
/// One request to a pool, in words that the domain, a database and the wire all understand. Lots, holds and uses go by
/// their ordinal: the k-th that was made, from 0. An ordinal that nothing was made for yet names an unknown one.
/// </summary>
internal abstract record Operation
{
    private Operation() { }

    /// <summary>Asks for nothing; only time passes.</summary>
    internal sealed record Look : Operation;

    internal sealed record Spend(long Amount, bool Cap) : Operation;

    internal sealed record Hold(long Amount, bool Cap, TimeSpan Lasts) : Operation;

    internal sealed record Capture(int HoldNumber, long Amount) : Operation;

    internal sealed record Release(int HoldNumber) : Operation;

    /// <param name="StartsIn">Null: at once.</param>
    /// <param name="ExpiresIn">Null: never.</param>
    internal sealed record Grant(long Amount, LotSource Source, int Priority, TimeSpan? StartsIn, TimeSpan? ExpiresIn) : Operation;

    /// <param name="LotNumber">Lots are numbered as they come to be: one for each grant, and the few that a reversal makes.</param>
    /// <param name="Amount">Null: all of it.</param>
    internal sealed record TakeBack(int LotNumber, long? Amount, bool SpentBecomesDebt) : Operation;

    /// <param name="UseNumber">Spends and captures count as uses, in the order they were made.</param>
    /// <param name="Amount">Null: all that is left of it.</param>
    internal sealed record Reverse(int UseNumber, long? Amount) : Operation;
}

/// <summary>One operation at its moment, and the terms that hold then.</summary>
internal sealed record Step(Instant Now, Terms Terms, Operation Operation)
{
    public override string ToString() =>
        $"{Now.ToDateTimeOffset():yyyy-MM-dd HH:mm} period={Terms.Period.Number} limit={Terms.Limit?.ToString() ?? "unlimited"}"
        + $"{(Terms.Frozen ? " frozen" : "")}: {Operation}";
}

/// <summary>What came of one operation; comparable, whoever carried it out.</summary>
/// <param name="Done">What was spent, held, captured, released, granted, taken back (or turned into debt) or returned.</param>
/// <param name="Shortfall">What was missing.</param>
/// <param name="Drawn">From where it was drawn, or whereto it went back.</param>
/// <param name="After">The balance after it; after a refusal, the balance as of now.</param>
internal sealed record Outcome(LedgerRefusal Refusal, long Done, long Shortfall, Draws Drawn, Balance After);

/// <param name="Allowance">Units of the allowance, uses of an unlimited one included.</param>
/// <param name="Lots">Units by lot number, in the order drawn, as <c>2:10 0:5</c>.</param>
/// <param name="Debt">Units that became debt.</param>
internal sealed record Draws(long Allowance, string Lots, long Debt)
{
    public static readonly Draws None = new(0, "", 0);
}
