using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Entry;

internal sealed class ExportCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this credit type.");
    private readonly Option<string?> kind = Symbols.Text("--kind", "Only of this kind, such as consume.");
    private readonly Option<string?> subject = Symbols.Text("--subject", "Only of this subject.");
    private readonly Option<string?> usageType = Symbols.Text("--usage-type", "Only of this usage type.");
    private readonly Option<string?> reference = Symbols.Text("--reference", "Only with this reference.");
    private readonly Option<DateTimeOffset?> from = Symbols.Time("--from", "Only from this time on");
    private readonly Option<DateTimeOffset?> to = Symbols.Time("--to", "Only before this time");
    private readonly Option<string?> file = Symbols.Text("--file", "Where to write it; left out: the standard output.");

    public ExportCommand()
        : base("export", "A tenant's history as CSV.") =>
        Takes(tenant, type, kind, subject, usageType, reference, from, to, file);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var filter = new EntryFilter
        {
            Type = call.Get(type), Kind = call.Get(kind), Subject = call.Get(subject), UsageType = call.Get(usageType), Reference = call.Get(reference),
            From = call.Get(from), To = call.Get(to),
        };
        using var csv = new StreamReader(await client.ExportEntries(call.Get(tenant), filter, stop));
        await call.Copy(csv, call.Get(file), stop);
        return 0;
    }
}
