using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands;

internal sealed class ForecastCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this credit type.");

    public ForecastCommand()
        : base("forecast", "When a tenant's credits run out, and what to buy.") =>
        Takes(tenant, type);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var forecasts = await client.GetForecast(call.Get(tenant), call.Get(type), stop);
        await call.Output.List(Output.Rows(forecasts), TopupJson.Default.ForecastView,
            new("TYPE", 16, row => row.Type),
            new("DAYS OF DATA", 12, row => row.DaysOfData),
            new("A DAY (7)", 12, row => row.BurnRate7),
            new("A DAY (30)", 12, row => row.BurnRate30),
            new("RUNS OUT FROM", 13, row => row.RunsOut?.From),
            new("TO", 10, row => row.RunsOut?.To),
            new("OVER ALLOWANCE", 14, row => row.ExceedsAllowanceOn),
            new("MISSING", 12, row => row.Missing),
            new("PACK", 0, row => row.SuggestedPack?.Code));
        return 0;
    }
}
