using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Import;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Imports, the newest first.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListImports(stop), TopupJson.Default.ImportView,
            new("AT", 20, row => row.CreatedAt),
            new("KIND", 8, row => row.Kind),
            new("STATUS", 9, row => row.Status),
            new("ROWS", 8, row => row.Rows),
            new("DONE", 8, row => row.Done),
            new("FAILED", 8, row => row.Failed),
            new("BY", 12, row => row.Actor),
            new("ID", 0, row => row.Id));
        return 0;
    }
}
