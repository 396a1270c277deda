using System.Text.Json;
using Topup.Domain.Automation;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;

namespace Topup.Server.Automation.Workflows;

/// <summary>What conditions may ask of an event, out of what it says.</summary>
internal static class WorkflowOccasions
{
    /// <summary>What the amount of an event is called, by what it is about.</summary>
    private static readonly string[] Amounts = ["amount", "charge", "given_back", "credits"];

    /// <param name="plan">Of the tenant; null: none.</param>
    public static WorkflowOccasion Of(WorkflowEvent kind, Happening happening, string? plan, CatalogSnapshot catalog)
    {
        var data = EventData.Object(happening.Data, "limit") ?? happening.Data;
        var code = EventData.Text(data, "type");
        var type = code is null ? null : catalog.Types.GetValueOrDefault(code);
        var currency = kind.Fields.HasFlag(WorkflowField.Price) ? EventData.Text(data, "currency") : null;
        return new WorkflowOccasion
        {
            Tenant = happening.Tenant,
            Plan = plan,
            Type = code,
            Channel = type?.Channel ?? EventData.Text(data, "channel"),
            Currency = currency,
            Amount = currency is not null ? Currency.IsKnown(currency) ? EventData.Units(data, "price", Currency.Digits(currency)) : null
                : type is null ? null
                : Amounts.Select(name => EventData.Units(data, name, type.Decimals)).FirstOrDefault(units => units is not null),
            Threshold = EventData.Object(data, "threshold") is { } mark ? MarkOf(mark, type) : null,
            IsOfWorkflow = EventData.Text(data, "cause")?.StartsWith(LedgerNews.WorkflowActor, StringComparison.Ordinal) == true,
        };
    }

    private static LowMark? MarkOf(JsonElement mark, CreditType? type)
    {
        if (EventData.Units(mark, "percent", 0) is > 0 and <= 100 and var percent) return new LowMark((int)percent, 0);
        return type is not null && EventData.Units(mark, "amount", type.Decimals) is { } units ? new LowMark(0, units) : null;
    }
}
