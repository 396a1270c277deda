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
            request.Plan is { } plan && !await TenancyStore.LockPlan(connection, transaction, database.Dialect, plan)
                ? TenancyProblems.PlanUnknown(plan)
                : await Save(connection, transaction, id, request, author, now), stop);
        outbox.Nudge();
        return saved;
    }

    /// <summary>Several in one transaction; what is refused of one keeps none of the others from being saved.</summary>
    /// <returns>For each what was wrong with it; null: it was saved.</returns>
    public async Task<IReadOnlyList<Problem?>> RunAll(IReadOnlyList<(string Id, TenantRequest Request)> asked, Author author, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var problems = asked.Select(tenant => TenantForm.Check(tenant.Id, tenant.Request)).ToArray();
        await database.Transact(async (connection, transaction) =>
        {
            // Plans before tenants and each in one order, as everybody locks them: nobody waits in a circle.
            var plans = new HashSet<string>(StringComparer.Ordinal);
            foreach (var plan in asked.Select(tenant => tenant.Request.Plan).OfType<string>().Distinct().Order(StringComparer.Ordinal))
                if (await TenancyStore.LockPlan(connection, transaction, database.Dialect, plan)) plans.Add(plan);
            foreach (var index in Enumerable.Range(0, asked.Count).OrderBy(index => TenantId.Bucket(asked[index].Id)).ThenBy(index => asked[index].Id, StringComparer.Ordinal))
            {
                var (id, request) = asked[index];
                if (problems[index] is not null) continue;
                if (request.Plan is { } plan && !plans.Contains(plan)) problems[index] = TenancyProblems.PlanUnknown(plan);
                else await Save(connection, transaction, id, request, author, now);
            }
            return true;
        }, stop);
        outbox.Nudge();
        return problems;
    }

    /// <summary>To be called under the lock of the plan.</summary>
    private async Task<Saved<TenantView>> Save(
        DbConnection connection, DbTransaction transaction, string id, TenantRequest request, Author author, Instant now)
    {
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
