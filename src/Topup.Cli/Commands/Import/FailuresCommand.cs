using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Import;

internal sealed class FailuresCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("import");
    private readonly Option<string?> file = Symbols.Text("--file", "Where to write it; left out: the standard output.");

    public FailuresCommand()
        : base("failures", "The rows that were not done as CSV, each with its reason, to be corrected and imported again.") =>
        Takes(id, file);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        using var csv = new StreamReader(await client.ExportImportFailures(call.Get(id), stop));
        await call.Copy(csv, call.Get(file), stop);
        return 0;
    }
}
