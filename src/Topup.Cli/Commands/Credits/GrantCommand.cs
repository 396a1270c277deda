using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Credits;

internal sealed class GrantCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<decimal?> amount = Symbols.NeededNumber("--amount", "How many.");
    private readonly Option<string> source = Symbols.Needed("--source", "promotional, refund, import, transfer or adjustment.");
    private readonly Option<string?> reason = Symbols.Text("--reason", "Why.");
    private readonly Option<int?> priority = new("--priority") { Description = "0 to 100, lower is spent first; left out: 50." };
    private readonly Option<DateTimeOffset?> effectiveAt = Symbols.Time("--effective-at", "From when it may be spent");
    private readonly Option<DateTimeOffset?> expiresAt = Symbols.Time("--expires-at", "When what is left ends");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public GrantCommand()
        : base("grant", "Give credits, or money to a balance.") =>
        Takes(tenant, type, amount, source, reason, priority, effectiveAt, expiresAt, reference, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new GrantRequest
        {
            Tenant = call.Get(tenant), Type = call.Get(type), Amount = call.Get(amount) ?? 0, Source = call.Get(source)!, Reason = call.Get(reason),
            Priority = call.Get(priority), EffectiveAt = call.Get(effectiveAt), ExpiresAt = call.Get(expiresAt), Reference = call.Get(reference),
        };
        var reply = await client.GrantCredits(request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.GrantReply,
            ("grant", reply.Grant), ("amount", reply.Amount), ("expires", reply.ExpiresAt),
            ("allowance left", reply.Remaining.Unlimited ? "unlimited" : reply.Remaining.Allowance),
            ("purchased left", reply.Remaining.Purchased), ("held", reply.Remaining.Held),
            ("debt", reply.Remaining.Debt), ("replayed", reply.Replayed));
        return 0;
    }
}
