using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Credits;

internal sealed class ConsumeCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string?> type = Symbols.TypeOfUse();
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Left out: 1.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "What is used.");
    private readonly Option<long?> quantity = Symbols.Quantity();
    private readonly Option<Dictionary<string, string>?> dimensions = Symbols.Dimensions();
    private readonly Option<string?> subject = Symbols.Text("--subject", "Who of the tenant spends.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> onShortage = Symbols.OnShortage();
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public ConsumeCommand()
        : base("consume", "Spend credits; ends with 1 when refused.") =>
        Takes(tenant, type, amount, usageType, quantity, dimensions, subject, reference, onShortage, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ConsumeRequest
        {
            Tenant = call.Get(tenant), Type = call.Get(type), Amount = call.Get(amount), UsageType = call.Get(usageType), Subject = call.Get(subject),
            Quantity = call.Get(quantity), Dimensions = call.Get(dimensions),
            Reference = call.Get(reference), OnShortage = call.Get(onShortage),
        };
        var reply = await client.ConsumeCredits(request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.ConsumeReply,
            ("allowed", reply.Allowed), ("reason", reply.Reason), ("limit", reply.Limit?.Code), ("cost", reply.Price?.Cost), ("from allowance", reply.Drawn.Allowance),
            ("from purchased", reply.Drawn.Purchased),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("missing", reply.Shortfall), ("top up at", reply.TopupUrl),
            ("entry", reply.Entry), ("replayed", reply.Replayed));
        return call.Answered(reply.Allowed, reply.Reason);
    }
}
