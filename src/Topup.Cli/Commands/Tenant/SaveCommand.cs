using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class SaveCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Option<string> name = Symbols.Needed("--name", "Shown on screens and in messages.");
    private readonly Option<string?> plan = Symbols.Text("--plan", "Code of the plan; left out: on none.");
    private readonly Option<int?> renewalDay = new("--renewal-day") { Description = "Day of the month on which the allowance comes back, 1 to 31." };
    private readonly Option<string?> email = Symbols.Text("--email", "Left out: none.");
    private readonly Option<string?> phone = Symbols.Text("--phone", "E.164; left out: none.");
    private readonly Option<string?> locale = Symbols.Text("--locale", "Such as pt-BR.");
    private readonly Option<string?> status = Symbols.Text("--status", "active, lapsed or suspended; left out: it stays.");
    private readonly Option<string?> reason = Symbols.Reason();

    public SaveCommand()
        : base("save", "Create a tenant, or replace what is known of one.") =>
        Takes(tenant, name, plan, renewalDay, email, phone, locale, status, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new TenantRequest
        {
            Name = call.Get(name)!, Plan = call.Get(plan), RenewalDay = call.Get(renewalDay), Email = call.Get(email), Phone = call.Get(phone),
            Locale = call.Get(locale), Status = call.Get(status),
        };
        var reply = await client.SaveTenant(call.Get(tenant), request, call.Get(reason), stop);
        call.Output.Show(reply, TopupJson.Default.TenantView,
            ("id", reply.Id), ("name", reply.Name), ("plan", reply.Plan), ("status", reply.Status),
            ("renewal day", reply.RenewalDay), ("e-mail", reply.Email), ("phone", reply.Phone),
            ("locale", reply.Locale), ("period", reply.Period.Number), ("from", reply.Period.StartsAt),
            ("to", reply.Period.EndsAt));
        return 0;
    }
}
