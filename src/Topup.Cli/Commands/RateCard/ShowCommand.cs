using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.RateCard;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();

    public ShowCommand()
        : base("show", "One rate card, a line for each rate.") =>
        Takes(code);

    public static void Show(Call call, RateCardView reply) => call.Output.Show(reply, TopupJson.Default.RateCardView,
    [
        ("code", reply.Code), ("plan", reply.Plan), ("effective from", reply.EffectiveFrom),
        .. reply.Rates.Select(rate => ("rate", (object?)Text(rate))),
        ("any other", reply.Unknown is { } unknown ? $"{unknown.Price} {unknown.Type}" : null),
    ]);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        Show(call, await client.GetRateCard(call.Get(code), stop));
        return 0;
    }

    private static string Text(RateTerms rate)
    {
        var dimensions = string.Concat((rate.Dimensions ?? new Dictionary<string, string>()).Select(pair => $" {pair.Key}={pair.Value}"));
        return $"{rate.UsageType}{dimensions}: {rate.Price} {rate.Type}{(rate.Seconds is { } seconds ? $", {seconds} s" : "")}";
    }
}
