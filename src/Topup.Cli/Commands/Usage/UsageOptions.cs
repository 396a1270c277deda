using System.CommandLine;
using System.Globalization;
using Topup.Client;

namespace Topup.Cli.Commands.Usage;

/// <summary>The options of every command about usage.</summary>
internal sealed class UsageOptions
{
    private readonly Option<DateOnly?> from = Date("--from", "The first day");
    private readonly Option<DateOnly?> to = Date("--to", "The last day, which counts too");
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this credit type.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "Only of this usage type.");
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only of this subject.");
    private readonly Option<string?> groupBy = Symbols.Text("--group-by", "day, week or month, usage_type, and subject (of all tenants: tenant), apart by commas.");

    private readonly Option<int?> top = new("--top") { Description = "Only so many rows, those with the most credits; needs --type." };

    public Symbol[] All => [from, to, type, usageType, subject, groupBy, top];

    public UsageFilter Read(Call call) => new()
    {
        From = call.Get(from), To = call.Get(to), Type = call.Get(type), UsageType = call.Get(usageType), Subject = call.Get(subject),
        GroupBy = call.Get(groupBy)?.Split(','), Top = call.Get(top),
    };

    private static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description + ", such as 2026-01-31.",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
            result.AddError($"{name} must be a date such as 2026-01-31.");
            return null;
        },
    };
}
