using Topup.Contracts;

namespace Topup.Cli.Commands.Suppression;

/// <summary>How suppressions look, whichever command lists them.</summary>
internal static class SuppressionOutput
{
    public static Task Suppressions(this Output output, IAsyncEnumerable<SuppressionView> rows) => output.List(rows, TopupJson.Default.SuppressionView,
        new("ID", 40, row => row.Id),
        new("CHANNEL", 10, row => row.Channel),
        new("RECIPIENT", 24, row => row.Recipient),
        new("TENANT", 16, row => row.Tenant),
        new("CAUSE", 10, row => row.Cause),
        new("CREATED", 25, row => row.CreatedAt),
        new("REASON", 0, row => row.Reason));
}
