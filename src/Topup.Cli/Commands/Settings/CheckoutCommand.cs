using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Settings;

internal sealed class CheckoutCommand : Verb
{
    private readonly Option<string?> method = Symbols.Text("--default-method", "Offered first; empty: the first that is ready.");
    private readonly Option<string?> spent = Symbols.Text("--spent-on-refund", "debt or forgive: what becomes of credits that were spent before their refund.");
    private readonly Option<int?> minutes = new("--checkout-minutes") { Description = "How long a buyer may take to pay, 30 to 1,440." };
    private readonly Option<int?> delay = new("--redirect-delay") { Description = "Seconds that the result is shown before the page goes on, 0 to 10." };
    private readonly Option<string?> reason = Symbols.Reason();

    public CheckoutCommand()
        : base("checkout", "How a checkout goes.") =>
        Takes(method, spent, minutes, delay, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetCheckoutSettings(stop);
        var wanted = before with
        {
            DefaultMethod = call.Get(method) ?? before.DefaultMethod, SpentOnRefund = call.Get(spent) ?? before.SpentOnRefund,
            CheckoutMinutes = call.Get(minutes) ?? before.CheckoutMinutes, RedirectDelay = call.Get(delay) ?? before.RedirectDelay,
        };
        call.Output.Show(await client.SaveCheckoutSettings(wanted, call.Get(reason), stop));
        return 0;
    }
}
