using System.CommandLine;

namespace Topup.Cli;

/// <summary>Arguments and options that many commands have.</summary>
internal static class Symbols
{
    public static Argument<string> Tenant() => new("tenant") { Description = "Id of the tenant." };

    public static Argument<string> Type() => new("type") { Description = "Code of the credit type." };

    /// <summary>Of a use: left out where the rate card of the tenant's plan says what pays.</summary>
    public static Argument<string?> TypeOfUse() => new("type")
    {
        Description = "Code of the credit type; left out with --usage-type, where a rate card prices the use.", Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<long?> Quantity() => new("--quantity") { Description = "How many uses, where a rate card prices them; left out: 1." };

    /// <summary>Given as name=value, once for each.</summary>
    public static Option<Dictionary<string, string>?> Dimensions() => new("--dimension")
    {
        Description = "What the price depends on, such as country=BR; may be given several times.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var dimensions = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var token in result.Tokens)
            {
                if (token.Value.Split('=', 2) is [var name, var value] && dimensions.TryAdd(name, value)) continue;
                result.AddError("--dimension must be name=value, and each name once.");
                return null;
            }
            return dimensions;
        },
    };

    public static Argument<string> Code() => new("code") { Description = "Its code." };

    public static Argument<string> Id(string what) => new("id") { Description = $"Id of the {what}." };

    public static Option<decimal?> Number(string name, string description) => new(name) { Description = description };

    public static Option<decimal?> NeededNumber(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };

    public static Option<string> Needed(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description + ", such as 2026-01-31T09:00:00Z.",
        CustomParser = result =>
        {
            if (HasOffset(result.Tokens[0].Value)
                && DateTimeOffset.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var time))
                return time;
            result.AddError($"{name} must be a time with an offset, such as 2026-01-31T09:00:00Z.");
            return null;
        },
    };

    public static Option<string?> Reason() => Text("--reason", "Why, for the audit.");

    public static Option<string?> IdempotencyKey() =>
        Text("--idempotency-key", "The change has one effect for this key, however often it is sent. Left out: a new one.");

    public static Option<string?> OnShortage()
    {
        var option = Text("--on-shortage", "refuse: all or nothing (default); cap: take what there is.");
        option.AcceptOnlyFromAmong("refuse", "cap");
        return option;
    }

    private static bool HasOffset(string text) => text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
}
