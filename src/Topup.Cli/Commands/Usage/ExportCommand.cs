using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Usage;

internal sealed class ExportCommand : Verb
{
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Whose usage; left out: of all tenants.");
    private readonly UsageOptions filter = new();
    private readonly Option<string?> file = Symbols.Text("--file", "Where to write it; left out: the standard output.");

    public ExportCommand()
        : base("export", "Usage as CSV.") =>
        Takes([tenant, .. filter.All, file]);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        using var csv = new StreamReader(await client.ExportUsage(call.Get(tenant), filter.Read(call), stop));
        await call.Copy(csv, call.Get(file), stop);
        return 0;
    }
}
