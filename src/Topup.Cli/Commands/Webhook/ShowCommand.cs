using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Webhook;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");

    public ShowCommand()
        : base("show", "One endpoint, without its secret.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetWebhookEndpoint(call.Get(id), stop));
        return 0;
    }
}
