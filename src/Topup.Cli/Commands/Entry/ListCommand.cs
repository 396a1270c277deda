using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Entry;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this credit type.");
    private readonly Option<string?> kind = Symbols.Text("--kind", "Only of this kind, such as consume.");
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only of this subject.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "Only of this usage type.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Only with this reference.");
    private readonly Option<DateTimeOffset?> from = Symbols.Time("--from", "Only from this time on");
    private readonly Option<DateTimeOffset?> to = Symbols.Time("--to", "Only before this time");

    public ListCommand()
        : base("list", "A tenant's history, the newest first.") =>
        Takes(tenant, type, kind, subject, usageType, reference, from, to);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var filter = new EntryFilter
        {
            Type = call.Get(type), Kind = call.Get(kind), Subject = call.Get(subject), UsageType = call.Get(usageType), Reference = call.Get(reference),
            From = call.Get(from), To = call.Get(to),
        };
        await call.Output.List(client.ListEntries(call.Get(tenant), filter, stop), TopupJson.Default.EntryView,
            new("AT", 20, row => row.At),
            new("TYPE", 16, row => row.Type),
            new("KIND", 12, row => row.Kind),
            new("AMOUNT", 10, row => row.Amount),
            new("ALLOWANCE", 10, row => row.After.Allowance),
            new("PURCHASED", 10, row => row.After.Purchased),
            new("HELD", 8, row => row.After.Held),
            new("ID", 0, row => row.Id));
        return 0;
    }
}
