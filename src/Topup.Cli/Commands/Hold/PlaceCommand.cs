using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Hold;

internal sealed class PlaceCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string?> type = Symbols.TypeOfUse();
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "Left out: 1.");
    private readonly Option<int?> expiresIn = new("--expires-in") { Description = "Seconds until it counts as released; left out: 3,600." };
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "What is used.");
    private readonly Option<long?> quantity = Symbols.Quantity();
    private readonly Option<Dictionary<string, string>?> dimensions = Symbols.Dimensions();
    private readonly Option<string?> subject = Symbols.Text("--subject", "Who of the tenant spends.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> onShortage = Symbols.OnShortage();
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public PlaceCommand()
        : base("place", "Set credits aside; ends with 1 when refused.") =>
        Takes(tenant, type, amount, expiresIn, usageType, quantity, dimensions, subject, reference, onShortage, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new HoldRequest
        {
            Tenant = call.Get(tenant), Type = call.Get(type), Amount = call.Get(amount), UsageType = call.Get(usageType), Subject = call.Get(subject),
            Quantity = call.Get(quantity), Dimensions = call.Get(dimensions),
            Reference = call.Get(reference), OnShortage = call.Get(onShortage), ExpiresIn = call.Get(expiresIn),
        };
        var reply = await client.PlaceHold(request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.HoldReply,
            ("allowed", reply.Allowed),
            ("reason", reply.Reason), ("limit", reply.Limit?.Code), ("cost", reply.Price?.Cost), ("hold", reply.Hold),
            ("allowed seconds", reply.AllowedSeconds), ("amount", reply.Amount),
            ("expires", reply.ExpiresAt),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("missing", reply.Shortfall), ("replayed", reply.Replayed));
        return call.Answered(reply.Allowed, reply.Reason);
    }
}
