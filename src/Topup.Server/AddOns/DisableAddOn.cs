using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.AddOns;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.AddOns;

/// <summary><c>POST /v1/tenants/{id}/addons/{code}/disable</c>: gives back the days that are paid for and not used.</summary>
internal sealed class DisableAddOn(LedgerDesk desk, LedgerHistory history, AddOnStore store, CatalogCache catalogs, TimeZoneInfo zone)
{
    private const int TriesMax = 8;

    public async Task<IResult> Handle(HttpContext context, string id, string code)
    {
        var key = IdempotencyKey.Read(context);
        return key.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), id, code, key.Value, context.RequestAborted), Json.Wire.DisableAddOnReply);
    }

    public async Task<Outcome<DisableAddOnReply>> Run(Caller caller, string tenant, string code, string key, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, tenant) ?? Fields.Code("addon", code)) is { } invalid) return invalid;
        var note = new Note(key, LedgerDesk.Fingerprint("addon.disable", code), caller.KeyId);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await store.FindReply(tenant, key, stop) is { } earlier) return Replay(earlier, note);
            if (await store.Find(tenant, code, stop) is not { AddOn.Status: not AddOnStatus.Off } row) return await NotOn(tenant, code, stop);
            var typed = await desk.TypeOf(row.AddOn.Type);
            if (typed.Problem is { } unknown) return unknown;

            var change = new AddOnChange(row, note, zone, (_, at, now) => Disabling.Decide(row.AddOn, at, now.Original, now.Reversed, note))
            {
                GivesBack = true,
                Reply = (decided, outcome) => JsonSerializer.Serialize(ReplyOf(decided, outcome), Json.Wire.DisableAddOnReply),
            };
            var submitted = await desk.SubmitOrRefuse(change, typed.Value);
            if (submitted.Problem is { } problem) return problem;
            if (!submitted.Value.Replayed && change.Result is not null) return ReplyOf(change, submitted.Value);
        }
        return LedgerProblems.Busy();
    }

    private async Task<Problem> NotOn(string tenant, string code, CancellationToken stop) =>
        !(await catalogs.Refresh(stop)).AddOns.ContainsKey(code) ? AddOnProblems.Unknown()
        : await history.HasTenant(tenant, stop) ? AddOnProblems.Of(AddOnRefusal.NotOn)
        : LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);

    private static DisableAddOnReply ReplyOf(AddOnChange change, LedgerOutcome outcome)
    {
        var (type, entry) = (change.CreditType!, outcome.Main);
        return new DisableAddOnReply
        {
            Tenant = change.Tenant,
            Addon = change.Decision!.AddOn.Code,
            Status = AddOnEvents.NameOf(AddOnStatus.Off),
            GivenBack = LedgerViews.Decimal(entry?.Asked ?? 0, type),
            Returned = LedgerViews.Decimal(entry?.Amount ?? 0, type),
            Lapsed = LedgerViews.Decimal(entry is null ? 0 : entry.Asked - entry.Amount, type),
            To = LedgerViews.Drawn(entry?.Draw ?? Draw.Nothing, new PoolKey(change.Tenant, type.Code), type),
            Remaining = entry is null ? LedgerViews.Remaining(change.Decision.Ledger.Pool, type) : LedgerViews.Remaining(entry, type),
            Entry = entry is null ? null : new LedgerId(change.Tenant, type.Code, entry.Id).ToString(),
        };
    }

    private static Outcome<DisableAddOnReply> Replay(KeptReply earlier, Note note) => earlier.Fingerprint == note.Fingerprint
        ? JsonSerializer.Deserialize(earlier.Reply, Json.Wire.DisableAddOnReply)! with { Replayed = true }
        : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
}
