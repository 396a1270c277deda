using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.DryRun;

internal sealed class ExpiryCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<DateTimeOffset?> at = Symbols.Time("--at", "When");

    public ExpiryCommand()
        : base("expiry", "What a tenant would have at a future time, if nothing were used or bought until then.")
    {
        at.Required = true;
        Takes(tenant, at);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.DryRunExpiry(new DryRunExpiryRequest { Tenant = call.Get(tenant), At = call.Get(at) ?? default }, stop);
        await call.Output.List(Output.Rows(reply.Pools), TopupJson.Default.PoolExpiry,
            new("TYPE", 20, row => row.Type),
            new("NOW", 14, row => row.Now.Total),
            new("THEN", 14, row => row.Then.Total),
            new("EXPIRES", 14, row => row.Expires),
            new("ALLOWANCE ENDS", 14, row => row.AllowanceEnds),
            new("RESETS", 6, row => row.Resets),
            new("LOTS", 0, row => row.Lots.Select(lot => $"{lot.Amount}@{lot.ExpiresAt:yyyy-MM-dd}")));
        return 0;
    }
}
