using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class ReplayCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Option<DateTimeOffset?> from = Symbols.Time("--from", "Send what happened since then");
    private readonly Option<string?> reason = Symbols.Reason();

    public ReplayCommand()
        : base("replay", "Send all events since a moment to an endpoint, also those it got.")
    {
        from.Required = true;
        Takes(id, from, reason);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.ReplayWebhookEvents(call.Get(id), new WebhookReplayRequest { From = call.Get(from)!.Value }, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.WebhookReplayReply, ("events", reply.Events));
        return 0;
    }
}
