using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.AutoTopUp;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Withdraw the consent: nothing is bought by itself any more.") =>
        Takes(tenant, type, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteAutoTopUp(call.Get(tenant), call.Get(type), call.Get(reason), stop);
        return 0;
    }
}
