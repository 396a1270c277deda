using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.AutoTopUp;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> type = Symbols.Type();
    private readonly Option<decimal?> threshold = Symbols.Number("--threshold", "Order when less than this remains; either this or --threshold-percent.");
    private readonly Option<int?> percent = new("--threshold-percent")
    {
        Description = "The same in percent of the allowance, or of the total after the last refill.",
    };
    private readonly Option<string?> pack = Symbols.Text("--pack", "Code of the pack; left out only where the type is money.");
    private readonly Option<decimal?> target = Symbols.Number("--target", "Fill up to this, with a pack that lets the buyer choose the amount, or with money.");
    private readonly Option<string> method = Symbols.Needed("--method", "balance, or a method whose checkout saved a card, such as stripe.");
    private readonly Option<decimal?> cap = Symbols.NeededNumber("--monthly-cap", "The most that it may spend in a calendar month.");
    private readonly Option<string> consentBy = Symbols.Needed("--consent-by", "Your own id of the person who agreed.");
    private readonly Option<string> consentWords = Symbols.Needed("--consent-words", "What they were shown and agreed to.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Have credits bought before they run out, as a person of the tenant agreed.") =>
        Takes(tenant, type, threshold, percent, pack, target, method, cap, consentBy, consentWords, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new AutoTopUpRequest
        {
            Threshold = call.Get(threshold), ThresholdPercent = call.Get(percent), Pack = call.Get(pack), Target = call.Get(target),
            Method = call.Get(method)!, MonthlyCap = call.Get(cap) ?? 0,
            Consent = new ConsentRequest { By = call.Get(consentBy)!, Words = call.Get(consentWords)! },
        };
        ShowCommand.Show(call, await client.SaveAutoTopUp(call.Get(tenant), call.Get(type), request, call.Get(reason), stop));
        return 0;
    }
}
