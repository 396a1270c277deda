using Topup.Domain.Ledger;

namespace Topup.Domain.Automation;

/// <summary>What of an event decides whether a workflow is for it.</summary>
public sealed record WorkflowOccasion
{
    /// <summary>Empty: the event is the operator's own.</summary>
    public required string Tenant { get; init; }

    /// <summary>The tenant's plan; null: none.</summary>
    public string? Plan { get; init; }

    /// <summary>The credit type; null: it is about none.</summary>
    public string? Type { get; init; }

    /// <summary>The channel of the credit type.</summary>
    public string? Channel { get; init; }

    /// <summary>The currency of <see cref="Amount"/> where that is a price.</summary>
    public string? Currency { get; init; }

    /// <summary>Smallest units of the credit type, or of the currency; null: it says none.</summary>
    public long? Amount { get; init; }

    /// <summary>The low mark that was crossed.</summary>
    public LowMark? Threshold { get; init; }

    /// <summary>It is the doing of a workflow, so none is started by it.</summary>
    public bool IsOfWorkflow { get; init; }
}

/// <summary>When a workflow is for an event. What is null does not matter; what is not must hold.</summary>
public sealed record WorkflowConditions
{
    public static readonly WorkflowConditions None = new();

    public string? Tenant { get; init; }
    public string? Plan { get; init; }
    public string? Type { get; init; }
    public string? Channel { get; init; }

    /// <summary>Of the amounts below, where they are prices.</summary>
    public string? Currency { get; init; }

    /// <summary>At least so much: smallest units of <see cref="Type"/>, or of <see cref="Currency"/>.</summary>
    public long? AmountMin { get; init; }

    /// <summary>At most so much.</summary>
    public long? AmountMax { get; init; }

    /// <summary>A low mark of at most so many percent was crossed.</summary>
    public int? PercentMax { get; init; }

    /// <summary>A low mark of at most so many smallest units of <see cref="Type"/> was crossed.</summary>
    public long? MarkMax { get; init; }

    public bool Matches(WorkflowOccasion occasion) =>
        Is(Tenant, occasion.Tenant) && Is(Plan, occasion.Plan) && Is(Type, occasion.Type) && Is(Channel, occasion.Channel) && Is(Currency, occasion.Currency)
        && (AmountMin is not { } min || occasion.Amount >= min) && (AmountMax is not { } max || occasion.Amount <= max) && Crossed(occasion.Threshold);

    private bool Crossed(LowMark? mark) =>
        (PercentMax is not { } percent || (mark is { Percent: > 0 } shared && shared.Percent <= percent))
        && (MarkMax is not { } amount || (mark is { Percent: 0 } left && left.Amount <= amount));

    private static bool Is(string? wanted, string? found) => wanted is null || wanted == found;
}
