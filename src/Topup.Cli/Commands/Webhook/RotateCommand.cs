using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Webhook;

internal sealed class RotateCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Option<string?> reason = Symbols.Reason();

    public RotateCommand()
        : base("rotate", "Make another secret, shown this once. The one before signs beside it for 24 hours.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.RotateWebhookSecret(call.Get(id), call.Get(reason), stop));
        return 0;
    }
}
