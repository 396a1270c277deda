using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Hold;

internal sealed class ReleaseCommand : Verb
{
    private readonly Argument<string> hold = Symbols.Id("hold");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public ReleaseCommand()
        : base("release", "End a hold without any use.") =>
        Takes(hold, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.ReleaseHold(call.Get(hold), call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.ReleaseReply,
            ("released", reply.Released),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("entry", reply.Entry), ("replayed", reply.Replayed));
        return 0;
    }
}
