using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Usage;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly UsageOptions filter = new();

    public ShowCommand()
        : base("show", "What a tenant used; without days, in its current period.") =>
        Takes([tenant, .. filter.All]);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await UsageOutput.Show(call, Pages(call, client, stop));
        return 0;
    }

    private async IAsyncEnumerable<UsageRow> Pages(Call call, TopupClient client, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var page = await client.GetUsage(call.Get(tenant), filter.Read(call), cursor: cursor, stop: stop);
            foreach (var row in page.Data) yield return row;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
