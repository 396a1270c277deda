using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Webhook;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Delete an endpoint with its secret and its log of deliveries.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteWebhookEndpoint(call.Get(id), call.Get(reason), stop);
        return 0;
    }
}
