using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Key;

internal sealed class CreateCommand : Verb
{
    private readonly Option<string> name = Symbols.Needed("--name", "What it is for.");
    private readonly Option<string[]> scopes = new("--scope")
    {
        Description = "consume, grant, purchase, read, tenants, catalog, keys, limits or all; may be given several times.", Required = true,
    };
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "The one tenant that it may see; left out: all.");
    private readonly Option<DateTimeOffset?> expiresAt = Symbols.Time("--expires-at", "When it stops working");
    private readonly Option<string?> reason = Symbols.Reason();

    public CreateCommand()
        : base("create", "Make an API key. It is shown this once.") =>
        Takes(name, scopes, tenant, expiresAt, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ApiKeyRequest { Name = call.Get(name)!, Scopes = call.Get(scopes) ?? [], Tenant = call.Get(tenant), ExpiresAt = call.Get(expiresAt) };
        var reply = await client.CreateApiKey(request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.NewApiKey,
            ("id", reply.Id), ("key", reply.Key));
        return 0;
    }
}
