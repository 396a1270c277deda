using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;

namespace Topup.Server.Ledger;

/// <summary>What a request says it wants to use: credits of a type, or uses that a rate card prices. Never both.</summary>
internal static class UseForm
{
    private const int DimensionsMax = 10;
    private const int DimensionLengthMax = 64;

    public static async ValueTask<Outcome<UseAsked>> Read(
        LedgerDesk desk, string? type, decimal? amount, string? usageType, long? quantity, IReadOnlyDictionary<string, string>? dimensions) =>
        type is not null ? await OfType(desk, type, amount, quantity, dimensions) : Priced(amount, usageType, quantity, dimensions);

    /// <summary>Words of the use for a fingerprint.</summary>
    public static string DimensionsOf(IReadOnlyDictionary<string, string>? dimensions) => dimensions is null ? "" : string.Join('\u001e',
        dimensions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + '\u001d' + pair.Value));

    private static async ValueTask<Outcome<UseAsked>> OfType(
        LedgerDesk desk, string code, decimal? amount, long? quantity, IReadOnlyDictionary<string, string>? dimensions)
    {
        if (quantity is not null) return NotWithType("quantity");
        if (dimensions is not null) return NotWithType("dimensions");
        var type = await desk.TypeOf(code);
        if (type.Problem is { } unknown) return unknown;
        var units = LedgerDesk.Units(amount, type.Value);
        return units.Problem is { } wrong ? wrong : new UseAsked(code, units.Value);
    }

    private static Outcome<UseAsked> Priced(decimal? amount, string? usageType, long? quantity, IReadOnlyDictionary<string, string>? dimensions)
    {
        if (string.IsNullOrEmpty(usageType))
            return Problems.Of(400, ProblemCodes.MissingField, "Give type, or usage_type for a use that a rate card prices.", "type");
        if (amount is not null) return Problems.Invalid("amount", "amount counts credits of a type. Give type too, or quantity in place of amount.");
        if (quantity is < 1 or > Pricing.QuantityMax)
            return Problems.Invalid("quantity", $"quantity must be from 1 to {Pricing.QuantityMax}.", quantity < 1 ? 1 : Pricing.QuantityMax);
        return Check(dimensions) is { } wrong ? wrong : new UseAsked("", 0, quantity ?? 1, dimensions);
    }

    private static Problem? Check(IReadOnlyDictionary<string, string>? dimensions)
    {
        if (dimensions is null) return null;
        if (dimensions.Count > DimensionsMax) return Problems.Invalid("dimensions", $"dimensions must be at most {DimensionsMax}.", DimensionsMax);
        foreach (var (name, value) in dimensions)
        {
            if (!Code.IsValid(name)) return Problems.Invalid("dimensions", "The name of a dimension must be 1 to 64 of a-z 0-9 - _ .", Code.LengthMax);
            if (value is null) return Problems.Invalid($"dimensions.{name}", $"dimensions.{name} must be a text, not null.");
            if (Fields.Text($"dimensions.{name}", value, DimensionLengthMax) is { } wrong) return wrong;
        }
        return null;
    }

    private static Problem NotWithType(string field) =>
        Problems.Invalid(field, $"{field} is for a use that a rate card prices. Leave out type, or {field}.");
}
