using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Pool;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<DateTimeOffset?> at = Symbols.Time("--at", "A past moment");

    public ShowCommand()
        : base("show", "What a tenant has of one type, now or at a past moment.") =>
        Takes(tenant, type, at);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var (id, code) = (call.Get(tenant), call.Get(type));
        if (call.Get(at) is { } moment)
        {
            var past = await client.GetPool(id, code, moment, stop);
            call.Output.Show(past, TopupJson.Default.PastPool, [("type", past.Type), ("at", past.At), .. Fields(past.Remaining), ("entry", past.Entry)]);
            return 0;
        }
        var pool = await client.GetPool(id, code, stop);
        call.Output.Show(pool, TopupJson.Default.PoolView,
            [("type", pool.Type), ("status", pool.Status), .. Fields(pool.Remaining), ("lots", pool.Lots.Select(lot => $"{lot.Id}={lot.Remaining}"))]);
        return 0;
    }

    private static (string, object?)[] Fields(Remaining remaining) =>
    [
        ("allowance left", remaining.Unlimited ? "unlimited" : remaining.Allowance), ("purchased left", remaining.Purchased),
        ("held", remaining.Held), ("debt", remaining.Debt), ("resets", remaining.ResetsAt),
    ];
}
