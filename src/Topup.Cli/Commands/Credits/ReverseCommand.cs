using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Credits;

internal sealed class ReverseCommand : Verb
{
    private readonly Argument<string> entry = Symbols.Id("entry");
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Left out: all that is left of it.");
    private readonly Option<string?> reason = Symbols.Text("--reason", "Why.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public ReverseCommand()
        : base("reverse", "Give a use back to where it came from.") =>
        Takes(entry, amount, reason, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ReversalRequest { Entry = call.Get(entry), Amount = call.Get(amount), Reason = call.Get(reason) };
        var reply = await client.ReverseEntry(request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.ReversalReply,
            ("reversed", reply.Reversed), ("returned", reply.Returned), ("lapsed", reply.Lapsed),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("entry", reply.Entry), ("replayed", reply.Replayed));
        return 0;
    }
}
