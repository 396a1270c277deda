using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Message;

internal sealed class ResolveCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("message");
    private readonly Argument<string> outcome = new("outcome") { Description = "sent or not_sent." };
    private readonly Option<string> reason = Symbols.Needed("--reason", "How you know, for the audit.");

    public ResolveCommand()
        : base("resolve", "Say what became of a message whose outcome is unknown.") =>
        Takes(id, outcome, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ResolveMessageRequest { Outcome = call.Get(outcome), Reason = call.Get(reason)! };
        call.Output.Show(await client.ResolveMessage(call.Get(id), request, stop));
        return 0;
    }
}
