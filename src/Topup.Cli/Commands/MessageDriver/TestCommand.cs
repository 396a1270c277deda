using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.MessageDriver;

internal sealed class TestCommand : Verb
{
    private readonly Argument<string> slug = new("slug") { Description = "Its name." };
    private readonly Option<string> to = Symbols.Needed("--to", "To whom, as in a message.");

    public TestCommand()
        : base("test", "Send a test message, without credits; ends with 1 when it was not accepted.") =>
        Takes(slug, to);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.TestMessageDriver(call.Get(slug), new TestMessageDriverRequest { To = call.Get(to)! }, stop);
        call.Output.Show(reply, TopupJson.Default.TestMessageDriverReply,
            ("outcome", reply.Outcome), ("reason", reply.Reason), ("provider id", reply.ProviderId), ("segments", reply.Segments), ("try-out", reply.TryOut));
        return call.Answered(reply.Outcome == "accepted", reply.Reason);
    }
}
