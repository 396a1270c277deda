using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Usage;

internal sealed class PeaksCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();

    public PeaksCommand()
        : base("peaks", "At which hours of which weekdays a tenant uses the most.") =>
        Takes(tenant, type);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.GetUsagePeaks(call.Get(tenant), call.Get(type), stop);
        if (call.Output.IsJson)
        {
            call.Output.Show(reply, TopupJson.Default.PeaksView);
            return 0;
        }
        await call.Output.List(Output.Rows(reply.Hours), TopupJson.Default.PeakView,
            new("WEEKDAY", 9, row => row.Weekday), new("HOUR", 4, row => row.Hour), new("USES", 10, row => row.Uses), new("CREDITS", 0, row => row.Credits));
        call.Output.Say($"Based on {reply.BasedOn} uses.");
        return 0;
    }
}
