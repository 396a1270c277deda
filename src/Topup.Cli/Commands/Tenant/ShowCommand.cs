using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ShowCommand()
        : base("show", "One tenant.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.GetTenant(call.Get(tenant), stop);
        call.Output.Show(reply, TopupJson.Default.TenantView,
            ("id", reply.Id), ("name", reply.Name), ("plan", reply.Plan), ("status", reply.Status),
            ("renewal day", reply.RenewalDay), ("e-mail", reply.Email), ("phone", reply.Phone),
            ("locale", reply.Locale), ("period", reply.Period.Number), ("from", reply.Period.StartsAt),
            ("to", reply.Period.EndsAt));
        return 0;
    }
}
