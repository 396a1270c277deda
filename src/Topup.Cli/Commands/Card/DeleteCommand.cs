using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Card;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> method = new("method") { Description = "The method of payment that saved it, such as stripe." };
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Forget a card: it is never charged again.") =>
        Takes(tenant, method, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteSavedCard(call.Get(tenant), call.Get(method), call.Get(reason), stop);
        return 0;
    }
}
