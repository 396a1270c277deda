using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Settings;

internal sealed class BusinessCommand : Verb
{
    private readonly Option<string?> name = Symbols.Text("--name", "At most 200 characters.");
    private readonly Option<string?> address = Symbols.Text("--address", "At most 500 characters; several lines.");
    private readonly Option<string?> taxId = Symbols.Text("--tax-id", "As it shall stand on receipts.");
    private readonly Option<string?> email = Symbols.Text("--email", "For questions.");
    private readonly Option<string?> website = Symbols.Text("--website", "An address that begins with https://.");
    private readonly Option<string?> prefix = Symbols.Text("--receipt-prefix", "Stands before the number of every receipt from now on.");
    private readonly Option<string?> taxName = Symbols.Text("--tax-name", "A tax that prices include, such as VAT; empty: none.");
    private readonly Option<decimal?> taxRate = Symbols.Number("--tax-rate", "Percent of it.");
    private readonly Option<string?> reason = Symbols.Reason();

    public BusinessCommand()
        : base("business", "Who sells, as it stands on receipts. What is empty is taken away.") =>
        Takes(name, address, taxId, email, website, prefix, taxName, taxRate, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetBusinessSettings(stop);
        var wanted = new BusinessSettings
        {
            Name = call.Get(name) ?? before.Name, Address = call.Get(address) ?? before.Address, TaxId = call.Get(taxId) ?? before.TaxId,
            Email = call.Get(email) ?? before.Email, Website = call.Get(website) ?? before.Website,
            ReceiptPrefix = call.Get(prefix) ?? before.ReceiptPrefix, Tax = TaxOf(call, before.Tax),
        };
        call.Output.Show(await client.SaveBusinessSettings(wanted, call.Get(reason), stop));
        return 0;
    }

    private TaxSettings? TaxOf(Call call, TaxSettings? before) => (call.Get(taxName) ?? before?.Name, call.Get(taxRate) ?? before?.Rate) switch
    {
        ("" or null, _) when call.Get(taxRate) is null => null,
        ({ Length: > 0 } said, { } rate) => new TaxSettings { Name = said, Rate = rate },
        _ => throw new UsageException($"{taxName.Name} and {taxRate.Name} go together."),
    };
}
