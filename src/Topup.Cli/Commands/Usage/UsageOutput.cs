using Topup.Contracts;

namespace Topup.Cli.Commands.Usage;

internal static class UsageOutput
{
    public static Task Show(Call call, IAsyncEnumerable<UsageRow> rows) => call.Output.List(rows, TopupJson.Default.UsageRow,
        new("WHEN", 10, row => row.Day ?? row.Week ?? row.Month),
        new("TENANT", 16, row => row.Tenant),
        new("TYPE", 16, row => row.Type),
        new("USAGE TYPE", 16, row => row.UsageType),
        new("SUBJECT", 16, row => row.Subject),
        new("USES", 10, row => row.Uses),
        new("CREDITS", 12, row => row.Credits),
        new("ALLOWANCE", 12, row => row.Allowance),
        new("PURCHASED", 12, row => row.Purchased),
        new("RETURNED", 12, row => row.Returned),
        new("COST", 14, row => row.Cost),
        new("REFUSED", 0, row => row.Refused.Sum(refused => refused.Count)));
}
