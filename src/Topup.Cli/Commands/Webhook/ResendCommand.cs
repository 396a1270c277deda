using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Webhook;

internal sealed class ResendCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Argument<string> delivery = new("delivery") { Description = "Id of the event." };
    private readonly Option<string?> reason = Symbols.Reason();

    public ResendCommand()
        : base("resend", "Send an event to an endpoint again.") =>
        Takes(id, delivery, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.ResendWebhookDelivery(call.Get(id), call.Get(delivery), call.Get(reason), stop));
        return 0;
    }
}
