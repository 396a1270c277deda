using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Credits;

internal sealed class VoidCommand : Verb
{
    private readonly Argument<string> grant = Symbols.Id("grant");
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Left out: all of it.");
    private readonly Option<string> reason = Symbols.Needed("--reason", "Why.");
    private readonly Option<string?> spent = Symbols.Text("--spent", "What happens to the part already spent: forgive (default) or debt.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public VoidCommand()
        : base("void", "Take back what is left of a grant or purchase.") =>
        Takes(grant, amount, reason, spent, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new VoidRequest { Amount = call.Get(amount), Reason = call.Get(reason)!, Spent = call.Get(spent) };
        var reply = await client.VoidGrant(call.Get(grant), request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.VoidReply,
            ("taken back", reply.TakenBack), ("became debt", reply.BecameDebt), ("forgiven", reply.Forgiven),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("entry", reply.Entry), ("replayed", reply.Replayed));
        return 0;
    }
}
