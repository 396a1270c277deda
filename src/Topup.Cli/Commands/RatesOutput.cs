using Topup.Contracts;

namespace Topup.Cli.Commands;

/// <summary>Rates as whoever pays them sees them, a line for each.</summary>
internal static class RatesOutput
{
    public static Task List(Call call, RatesView reply)
    {
        var all = reply.Unknown is { } unknown ? reply.Rates.Append(unknown with { UsageType = "(any other)" }) : reply.Rates;
        return call.Output.List(Output.Rows(all), TopupJson.Default.RateEstimate,
            new("USAGE TYPE", 20, row => row.UsageType),
            new("TYPE", 16, row => row.Type),
            new("PRICE", 12, row => row.Price),
            new("USES LEFT", 12, row => row.UsesLeft),
            new("FOR AMOUNT", 12, row => row.UsesForAmount),
            new("SECONDS", 8, row => row.Seconds),
            new("DIMENSIONS", 0, row => row.Dimensions?.Select(pair => $"{pair.Key}={pair.Value}")));
    }
}
