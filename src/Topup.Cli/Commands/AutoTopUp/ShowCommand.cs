using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.AutoTopUp;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();

    public ShowCommand()
        : base("show", "The automatic top-up of one credit type.") =>
        Takes(tenant, type);

    public static void Show(Call call, AutoTopUpView reply) => call.Output.Show(reply, TopupJson.Default.AutoTopUpView,
        ("tenant", reply.Tenant), ("type", reply.Type), ("status", reply.Status), ("reason", reply.Reason), ("failures", reply.Failures),
        ("waits until", reply.WaitsUntil), ("threshold", reply.Threshold), ("threshold percent", reply.ThresholdPercent), ("pack", reply.Pack),
        ("target", reply.Target), ("method", reply.Method), ("monthly cap", reply.MonthlyCap), ("spent this month", reply.SpentThisMonth),
        ("currency", reply.Currency), ("consent by", reply.Consent.By), ("consent at", reply.Consent.At), ("last purchase", reply.LastPurchase),
        ("last at", reply.LastAt), ("will order now", reply.WillOrderNow));

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        Show(call, await client.GetAutoTopUp(call.Get(tenant), call.Get(type), stop));
        return 0;
    }
}
