using System.CommandLine;

namespace Topup.Cli;

/// <summary>Arguments and options that many commands have.</summary>
internal static class Symbols
{
    public static Argument<string> Tenant() => new("tenant") { Description = "Id of the tenant." };

    public static Argument<string> Type() => new("type") { Description = "Code of the credit type." };

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
