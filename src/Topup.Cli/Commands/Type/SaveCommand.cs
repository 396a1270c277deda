using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Type;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string> name = Symbols.Needed("--name", "Shown on screens.");
    private readonly Option<string> unit = Symbols.Needed("--unit", "What one credit is called, such as message.");
    private readonly Option<int?> decimals = new("--decimals") { Description = "Digits after the point, 0 to 6; left out: 0." };
    private readonly Option<bool?> enabled = new("--enabled") { Description = "Whether it may be spent and bought; left out: yes." };
    private readonly Option<string?> channel = Symbols.Text("--channel", "The channel that it pays for, such as sms.");
    private readonly Option<string?> campaignPool = Symbols.Text("--campaign-pool", "Code of the type that pays for campaigns.");
    private readonly Option<bool?> needsActivePlan = new("--needs-active-plan") { Description = "Whether a lapsed plan freezes it; left out: no." };
    private readonly Option<string?> currency = Symbols.Text("--currency", "ISO 4217, for a type that is money.");
    private readonly Option<decimal?> debtLimit = Symbols.Number("--debt-limit", "How far a capture may go beyond what there is; left out: 0.");
    private readonly Option<int?> lowPercent = new("--low-percent") { Description = "Warn when this percentage is left; left out: 20, 0: never." };
    private readonly Option<decimal?> lowAmount = Symbols.Number("--low-amount", "Warn when this amount is left.");
    private readonly Option<decimal?> unitCost = Symbols.Number("--unit-cost", "What one credit costs you, in your own currency; left out: 0.");
    private readonly Option<int?> runwayDays = new("--runway-days") { Description = "Warn when the forecast runs out within so many days." };
    private readonly Option<int?> expiringDays = new("--expiring-days") { Description = "Tell of credits so many days before they expire; left out: 7, 0: never." };
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Define what a credit buys. Decimals and currency never change.") =>
        Takes(code, name, unit, decimals, enabled, channel, campaignPool, needsActivePlan, currency, debtLimit, lowPercent, lowAmount, unitCost,
            runwayDays, expiringDays, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new CreditTypeRequest
        {
            Name = call.Get(name)!, Unit = call.Get(unit)!, Decimals = call.Get(decimals) ?? 0, Enabled = call.Get(enabled), Channel = call.Get(channel),
            CampaignPool = call.Get(campaignPool), NeedsActivePlan = call.Get(needsActivePlan), Currency = call.Get(currency),
            DebtLimit = call.Get(debtLimit), LowAmount = call.Get(lowAmount), UnitCost = call.Get(unitCost), RunwayDays = call.Get(runwayDays),
        };
        if (call.Get(expiringDays) is { } days) request.ExpiringDays = days == 0 ? null : days;
        if (call.Get(lowPercent) is { } percent) request.LowPercent = percent == 0 ? null : percent;
        var reply = await client.SaveCreditType(call.Get(code), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.CreditTypeView,
            ("code", reply.Code), ("name", reply.Name), ("unit", reply.Unit), ("decimals", reply.Decimals),
            ("enabled", reply.Enabled), ("currency", reply.Currency), ("channel", reply.Channel),
            ("campaign pool", reply.CampaignPool), ("needs active plan", reply.NeedsActivePlan),
            ("debt limit", reply.DebtLimit), ("low percent", reply.LowPercent), ("low amount", reply.LowAmount), ("unit cost", reply.UnitCost),
            ("runway days", reply.RunwayDays), ("expiring days", reply.ExpiringDays));
        return 0;
    }
}
