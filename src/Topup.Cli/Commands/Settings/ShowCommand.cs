using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Settings;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string?> which = new("which")
    {
        Description = "money, business, checkout, addons, operator or time-zone; left out: all.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null,
    };

    public ShowCommand()
        : base("show", "What the operator has set: how money is shown, who sells, how a checkout goes, how add-ons are renewed, whom workflows write to, when days begin.")
    {
        which.AcceptOnlyFromAmong("money", "business", "checkout", "addons", "operator", "time-zone");
        Takes(which);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var name = call.Get(which);
        if (name is null or "money") call.Output.Show(await client.GetMoneySettings(stop));
        if (name is null or "business") call.Output.Show(await client.GetBusinessSettings(stop));
        if (name is null or "checkout") call.Output.Show(await client.GetCheckoutSettings(stop));
        if (name is null or "addons") call.Output.Show(await client.GetAddOnSettings(stop));
        if (name is null or "operator") call.Output.Show(await client.GetOperatorContact(stop));
        if (name is null or "time-zone") call.Output.Show(await client.GetTimeZone(stop));
        return 0;
    }
}
