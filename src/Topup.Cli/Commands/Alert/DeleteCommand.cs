using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Alert;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Warn as the credit type says.") =>
        Takes(tenant, type, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteAlerts(call.Get(tenant), call.Get(type), call.Get(reason), stop);
        return 0;
    }
}
