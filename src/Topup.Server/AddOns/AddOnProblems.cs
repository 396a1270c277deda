using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.AddOns;

internal static class AddOnProblems
{
    /// <summary>The word for a refusal.</summary>
    public static string? ReasonOf(AddOnRefusal refusal) => refusal switch
    {
        AddOnRefusal.None => null,
        AddOnRefusal.AlreadyOn => ProblemCodes.AddOnOn,
        AddOnRefusal.NotOn => ProblemCodes.AddOnNotOn,
        AddOnRefusal.NotOffered => ProblemCodes.AddOnNotOffered,
    };

    public static Problem Of(AddOnRefusal refusal) => refusal switch
    {
        AddOnRefusal.AlreadyOn => Problems.Of(409, ProblemCodes.AddOnOn, "The tenant has this add-on already.", "addon"),
        AddOnRefusal.NotOn => Problems.Of(409, ProblemCodes.AddOnNotOn, "The tenant does not have this add-on.", "addon"),
        AddOnRefusal.NotOffered => Problems.Of(409, ProblemCodes.AddOnNotOffered, "The add-on is not active, or not offered to the tenant's plan.", "addon"),
        AddOnRefusal.None => throw new ArgumentOutOfRangeException(nameof(refusal)),
    };

    public static Problem Unknown() => Problems.Of(404, ProblemCodes.AddOnUnknown, "There is no add-on of this code.", "addon");

    /// <summary>What the ledger refused, with the exact credits that are missing.</summary>
    public static Problem Of(LedgerOutcome outcome, CreditType type)
    {
        var problem = LedgerProblems.Of(outcome.Refusal, outcome.Shortfall, type);
        return outcome.Refusal != LedgerRefusal.InsufficientCredits ? problem : (problem with
        {
            Detail = $"{LedgerViews.Decimal(outcome.Shortfall, type)} is missing from {type.Name}. Top up, or send on_shortage = purchase to order just that.",
        }).With("missing", JsonSerializer.SerializeToElement(LedgerViews.Decimal(outcome.Shortfall, type), Json.Wire.Decimal));
    }

    /// <summary>What is missing cannot be ordered by the amount.</summary>
    public static Problem NotSold(Problem refused, string type) => refused.Field is "amount" or "type"
        ? Problems.Of(409, ProblemCodes.PackNotForSale,
            $"What is missing cannot be bought by the amount: {refused.Detail} Make a pack of {type} with custom amounts, or buy another pack first.",
            "on_shortage")
        : refused;
}
