using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class TestCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");

    public TestCommand()
        : base("test", "Send a webhook.ping now and say what the receiver answered; exit code 1 where it did not take it.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.TestWebhookEndpoint(call.Get(id), stop);
        call.Output.Show(reply, TopupJson.Default.WebhookTestReply,
            ("id", reply.Id), ("delivered", reply.Delivered), ("status", reply.Status), ("error", reply.Error), ("milliseconds", reply.DurationMs),
            ("reply", reply.Reply));
        return reply.Delivered ? 0 : 1;
    }
}
