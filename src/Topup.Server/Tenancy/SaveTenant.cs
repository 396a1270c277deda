using System.Data.Common;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>Creates a tenant, or replaces what is known of one.</summary>
internal sealed class SaveTenant(Database database, Outbox outbox, TimeProvider clock, TimeZoneInfo zone)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/tenants/{id}", Handle)
        .WithName("SaveTenant")
        .WithSummary("Create a tenant, or replace what is known of one.")
        .Accepts<TenantRequest>("application/json")
        .Produces<TenantView>().Produces<TenantView>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 404, 413, 415)
        .RequireScope(Scope.Tenants);

    private static async Task<IResult> Handle(string id, HttpContext context, SaveTenant verb)
    {
        if (!context.Caller().MaySee(id)) return TenancyProblems.TenantUnknown(id).AsResult();
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.TenantRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await verb.Run(id, body.Value, author.Value, context.RequestAborted), Json.Wire.TenantView);
    }

    public async Task<Outcome<Saved<TenantView>>> Run(string id, TenantRequest request, Author author, CancellationToken stop)
    {
        if (TenantForm.Check(id, request) is { } problem) return problem;
        var now = Instant.From(clock.GetUtcNow());
        var saved = await database.Transact<Outcome<Saved<TenantView>>>(async (connection, transaction) =>
        {
            if (request.Plan is { } plan && !await TenancyStore.LockPlan(connection, transaction, database.Dialect, plan))
                return TenancyProblems.PlanUnknown(plan);

            var created = TenantForm.New(id, request, now, zone);
            if (await TenancyStore.InsertTenant(connection, transaction, created))
            {
                await Audit.Add(connection, transaction, author, now, "tenant.created", id, id, null, Audit.Of(created, []));
                await Tell(connection, transaction, "tenant.created", created, null, now);
                return new Saved<TenantView>(TenantForm.View(created, now, zone), IsNew: true);
            }

            var before = await TenancyStore.LockTenant(connection, transaction, database.Dialect, id);
            var after = TenantForm.Change(before, request, now, zone);
            if (after != before)
            {
                after = after with { UpdatedAt = now.UnixMs };
                await TenancyStore.UpdateTenant(connection, transaction, after);
                await Audit.Add(connection, transaction, author, now, "tenant.changed", id, id,
                    Audit.Of(before, []), Audit.Of(after, TenantForm.ChangedContact(before, after)));
                if (after.Plan != before.Plan) await Tell(connection, transaction, "plan.changed", after, before.Plan, now);
            }
            return new Saved<TenantView>(TenantForm.View(after, now, zone), IsNew: false);
        }, stop);
        outbox.Nudge();
        return saved;
    }

    private static Task Tell(
        DbConnection connection, DbTransaction transaction, string type, TenantRow tenant, string? previousPlan, Instant now)
    {
        var data = new TenantEvent
        {
            Tenant = tenant.Id,
            Plan = tenant.Plan.Length == 0 ? null : tenant.Plan,
            PreviousPlan = string.IsNullOrEmpty(previousPlan) ? null : previousPlan,
        };
        var payload = JsonSerializer.Serialize(data, Json.Wire.TenantEvent);
        return Outbox.Add(connection, transaction, OutboxEvent.Create(tenant.Id, type, now, payload));
    }
}
