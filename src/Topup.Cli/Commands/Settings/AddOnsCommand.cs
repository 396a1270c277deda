using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Settings;

internal sealed class AddOnsCommand : Verb
{
    private readonly Option<int?> days = new("--grace-days") { Description = "How many days an add-on goes on working when its renewal cannot be charged, 0 to 30." };
    private readonly Option<string?> reason = Symbols.Reason();

    public AddOnsCommand()
        : base("addons", "How add-ons are renewed.") =>
        Takes(days, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetAddOnSettings(stop);
        call.Output.Show(await client.SaveAddOnSettings(before with { GraceDays = call.Get(days) ?? before.GraceDays }, call.Get(reason), stop));
        return 0;
    }
}
