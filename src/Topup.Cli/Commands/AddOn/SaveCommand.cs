using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.AddOn;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string> name = Symbols.Needed("--name", "Shown to tenants.");
    private readonly Option<decimal?> price = Symbols.NeededNumber("--price", "Credits a month.");
    private readonly Option<string?> type = Symbols.Text("--type", "Code of the credit type that pays; left out: addons.");
    private readonly Option<string?> description = Symbols.Text("--description", "At most 1,000 characters.");
    private readonly Option<bool?> active = new("--active") { Description = "Whether it can be enabled; left out: yes." };
    private readonly Option<string[]> plans = new("--plan") { Description = "A plan whose tenants may enable it; may be given several times; left out: all." };
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Define an optional feature with a price a month. A new price holds from the next charge on.") =>
        Takes(code, name, price, type, description, active, plans, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new AddOnRequest
        {
            Type = call.Get(type), Name = call.Get(name)!, Description = call.Get(description), Price = call.Get(price) ?? 0, Active = call.Get(active),
            Plans = call.Get(plans) is { Length: > 0 } codes ? codes : null,
        };
        call.Output.Show(await client.SaveAddOn(call.Get(code), request, call.Get(reason), stop));
        return 0;
    }
}
