using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Hold;

internal sealed class CaptureCommand : Verb
{
    private readonly Argument<string> hold = Symbols.Id("hold");
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "0 or more, also more than was held; left out: all that is held.");
    private readonly Option<long?> quantity = new("--quantity") { Description = "Uses in place of an amount, where a rate card priced the hold." };
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public CaptureCommand()
        : base("capture", "End a hold with what the work really took.") =>
        Takes(hold, amount, quantity, reference, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new CaptureRequest { Amount = call.Get(amount), Quantity = call.Get(quantity), Reference = call.Get(reference) };
        var reply = await client.CaptureHold(call.Get(hold), request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.CaptureReply,
            ("captured", reply.Captured), ("uncovered", reply.Uncovered),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("entry", reply.Entry), ("replayed", reply.Replayed));
        return 0;
    }
}
