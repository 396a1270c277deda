using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Hold;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this credit type.");
    private readonly Option<string?> status = Symbols.Text("--status", "Only open, captured, released or expired ones.");

    public ListCommand()
        : base("list", "A tenant's holds.") =>
        Takes(tenant, type, status);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListHolds(call.Get(tenant), call.Get(type), call.Get(status), stop), TopupJson.Default.HoldView,
            new("ID", 40, row => row.Id),
            new("AMOUNT", 10, row => row.Amount),
            new("STATUS", 9, row => row.Status),
            new("CAPTURED", 10, row => row.Captured),
            new("PLACED", 20, row => row.PlacedAt),
            new("EXPIRES", 20, row => row.ExpiresAt));
        return 0;
    }
}
