using System.Text.Json;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Ledger;

namespace Topup.Server.Automation.Workflows;

/// <summary>What conditions may ask of an event, out of what it says.</summary>
internal static class WorkflowOccasions
{
    /// <param name="plan">Of the tenant; null: none.</param>
    public static WorkflowOccasion Of(WorkflowEvent kind, Happening happening, string? plan, CatalogSnapshot catalog)
    {
        var data = happening.Data.TryGetProperty("limit", out var limit) && limit.ValueKind == JsonValueKind.Object ? limit : happening.Data;
        var code = Text(data, "type");
        var type = code is null ? null : catalog.Types.GetValueOrDefault(code);
        var currency = kind.Fields.HasFlag(WorkflowField.Price) ? Text(data, "currency") : null;
        return new WorkflowOccasion
        {
            Tenant = happening.Tenant,
            Plan = plan,
            Type = code,
            Channel = type?.Channel ?? Text(data, "channel"),
            Currency = currency,
            Amount = currency is not null && Currency.IsKnown(currency) ? Units(data, "price", Currency.Digits(currency))
                : type is null ? null
                : Units(data, "amount", type.Decimals) ?? Units(data, "charge", type.Decimals) ?? Units(data, "given_back", type.Decimals) ?? Units(data, "credits", type.Decimals),
            Threshold = data.TryGetProperty("threshold", out var mark) ? MarkOf(mark, type) : null,
            IsOfWorkflow = Text(data, "cause")?.StartsWith(LedgerNews.WorkflowActor, StringComparison.Ordinal) == true,
        };
    }

    /// <summary>A number in smallest units; null: it says none, or one that cannot be.</summary>
    public static long? Units(JsonElement of, string name, int decimals)
    {
        if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
            return null;
        return Amount.TryToUnits(Math.Abs(number), decimals, out var units) is AmountProblem.None or AmountProblem.Zero ? number < 0 ? -units : units : null;
    }

    private static LowMark? MarkOf(JsonElement mark, CreditType? type)
    {
        if (mark.ValueKind != JsonValueKind.Object) return null;
        if (mark.TryGetProperty("percent", out var percent) && percent.TryGetInt32(out var share)) return new LowMark(share, 0);
        return type is not null && Units(mark, "amount", type.Decimals) is { } units ? new LowMark(0, units) : null;
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
