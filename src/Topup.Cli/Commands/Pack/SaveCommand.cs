using System.CommandLine;
using System.Globalization;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Pack;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string> type = Symbols.Needed("--type", "Code of the credit type.");
    private readonly Option<string> name = Symbols.Needed("--name", "Shown in the shop.");
    private readonly Option<decimal?> credits = Symbols.NeededNumber("--credits", "How many it brings.");
    private readonly Option<decimal?> price = Symbols.NeededNumber("--price", "In major units of the currency.");
    private readonly Option<string> currency = Symbols.Needed("--currency", "ISO 4217.");
    private readonly Option<string?> description = Symbols.Text("--description", "At most 1,000 characters.");
    private readonly Option<bool?> active = new("--active") { Description = "Whether it is for sale; left out: yes." };
    private readonly Option<string[]> plans = new("--plan") { Description = "A plan whose tenants may buy it; may be given several times; left out: all." };
    private readonly Option<decimal?> minPrice = Symbols.Number("--min-price", "The buyer chooses the amount, at the rate of credits for price: the least to be paid.");
    private readonly Option<decimal?> maxPrice = Symbols.Number("--max-price", "With --min-price: the most to be paid.");
    private readonly Option<string[]> bonuses = new("--bonus") { Description = "price=percent more credits from that price on; may be given several times." };
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Define what tenants can buy. Type, price, currency and credits never change.") =>
        Takes(code, type, name, credits, price, currency, description, active, plans, minPrice, maxPrice, bonuses, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new PackRequest
        {
            Type = call.Get(type)!, Name = call.Get(name)!, Description = call.Get(description), Price = call.Get(price) ?? 0, Currency = call.Get(currency)!,
            Credits = call.Get(credits) ?? 0, Active = call.Get(active), Plans = call.Get(plans) is { Length: > 0 } codes ? codes : null,
            Custom = Custom(call),
        };
        var reply = await client.SavePack(call.Get(code), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.PackView,
            ("code", reply.Code), ("type", reply.Type), ("name", reply.Name), ("description", reply.Description),
            ("credits", reply.Credits), ("price", reply.Price), ("currency", reply.Currency),
            ("active", reply.Active), ("plans", reply.Plans),
            ("min price", reply.Custom?.MinPrice), ("max price", reply.Custom?.MaxPrice),
            ("bonuses", reply.Custom?.Bonuses is { } tiers ? string.Join(", ", tiers.Select(bonus => $"{bonus.FromPrice}={bonus.Percent}")) : null));
        return 0;
    }

    private CustomAmountTerms? Custom(Call call)
    {
        var tiers = call.Pairs(bonuses);
        return (call.Get(minPrice), call.Get(maxPrice)) switch
        {
            (null, null) when tiers.Count == 0 => null,
            ({ } min, { } max) => new CustomAmountTerms { MinPrice = min, MaxPrice = max, Bonuses = [.. tiers.Select(Bonus).OrderBy(bonus => bonus.FromPrice)] },
            _ => throw new UsageException($"{minPrice.Name} and {maxPrice.Name} go together, and {bonuses.Name} only with them."),
        };
    }

    private BonusTerms Bonus(KeyValuePair<string, string> tier) =>
        int.TryParse(tier.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? new BonusTerms { FromPrice = Call.Number(bonuses.Name, tier.Key), Percent = percent }
            : throw new UsageException($"{bonuses.Name} must be price=percent, such as 100=10, not '{tier.Key}={tier.Value}'.");
}
