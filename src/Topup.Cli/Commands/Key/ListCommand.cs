using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Key;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "API keys, the oldest first, without their secrets.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListApiKeys(stop), TopupJson.Default.ApiKeyView,
            new("ID", 36, row => row.Id),
            new("NAME", 20, row => row.Name),
            new("PREFIX", 8, row => row.Prefix),
            new("SCOPES", 20, row => row.Scopes),
            new("TENANT", 16, row => row.Tenant),
            new("EXPIRES", 20, row => row.ExpiresAt),
            new("REVOKED", 20, row => row.RevokedAt),
            new("LAST USED", 20, row => row.LastUsedAt));
        return 0;
    }
}
