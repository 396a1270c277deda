using System.Globalization;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.AddOns;

/// <summary>
/// <c>POST /v1/tenants/{id}/addons/{code}/enable</c>: charges the days that are left of the cycle, or orders just the
/// credits that are missing for them and lets the add-on wait until they are paid.
/// </summary>
internal sealed class EnableAddOn(
    LedgerDesk desk, AddOnStore store, CatalogCache catalogs, MakeOffer offers, StartPurchase purchases, CheckoutStore checkout, TimeZoneInfo zone)
{
    private const int TriesMax = 8;

    public async Task<IResult> Handle(HttpContext context, string id, string code)
    {
        var body = await Body.Read(context, Json.Wire.EnableAddOnRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), id, code, key.Value, body.Value, context.RequestAborted), Json.Wire.EnableAddOnReply);
    }

    public async Task<Outcome<EnableAddOnReply>> Run(
        Caller caller, string tenant, string code, string key, EnableAddOnRequest asked, CancellationToken stop)
    {
        var buys = Buys(asked);
        if ((LedgerDesk.Tenant(caller, tenant) ?? Fields.Code("addon", code) ?? buys.Problem ?? Fields.ReturnUrl(asked.ReturnUrl)) is { } invalid)
            return invalid;
        var note = new Note(key, LedgerDesk.Fingerprint("addon.enable", code, asked.OnShortage, asked.Method, asked.ReturnUrl), caller.KeyId);
        PurchaseView? bought = null;
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await store.FindReply(tenant, key, stop) is { } earlier) return Replay(earlier, note);
            if (!(await catalogs.Refresh(stop)).AddOns.TryGetValue(code, out var addOn)) return AddOnProblems.Unknown();
            var type = catalogs.Current.Types[addOn.Type];
            var row = RowOf(await store.Find(tenant, code, stop), tenant, addOn);

            var change = Enable(row, note, bought);
            var submitted = await desk.Submit(change, type);
            if (submitted.Problem is { } problem) return problem;
            var outcome = submitted.Value;
            if (outcome.Replayed) continue;
            if (change.Decision is { Refusal: not AddOnRefusal.None } refused) return AddOnProblems.Of(refused.Refusal);
            if (outcome.Refusal == LedgerRefusal.InsufficientCredits && buys.Value)
            {
                if (bought is null)
                {
                    var ordered = await Order(caller, tenant, addOn, note, asked, outcome.Shortfall, stop);
                    if (ordered.Problem is { } notOrdered) return notOrdered;
                    bought = ordered.Value;
                    // Paid from the balance, the credits are there.
                    if (bought.Status == "credited") continue;
                }
                change = Wait(row, note, bought, change.Decision!, outcome);
                submitted = await desk.SubmitOrRefuse(change, type);
                if (submitted.Problem is { } notSaved) return notSaved;
                outcome = submitted.Value;
            }
            else if (outcome.Refusal != LedgerRefusal.None) return AddOnProblems.Of(outcome, type);
            if (change.Result is not null) return ReplyOf(change, outcome, bought);
        }
        return LedgerProblems.Busy();
    }

    /// <param name="bought">What was ordered for it, and is paid.</param>
    private AddOnChange Enable(AddOnRow row, Note note, PurchaseView? bought) =>
        new(row, note, zone, (addOn, at, _) => addOn is null
            ? AddOnDecision.Nothing(row.AddOn, at, AddOnRefusal.NotOffered)
            : Enabling.Decide(row.AddOn, addOn, at, note))
        {
            Reply = (change, outcome) => JsonSerializer.Serialize(ReplyOf(change, outcome, bought), Json.Wire.EnableAddOnReply),
        };

    /// <param name="refused">What the charge was refused with, for the reply.</param>
    private AddOnChange Wait(AddOnRow row, Note note, PurchaseView bought, AddOnDecision refused, LedgerOutcome refusal) =>
        new(row, note, zone, (_, at, _) => Enabling.Await(row.AddOn, at, OrderOf(bought)) with { Charge = refused.Charge, Missing = refusal.Shortfall })
        {
            Reply = (change, outcome) => JsonSerializer.Serialize(ReplyOf(change, outcome, bought), Json.Wire.EnableAddOnReply),
        };

    /// <summary>A row that is off says nothing of what is enabled now, not even in which credits.</summary>
    private static AddOnRow RowOf(AddOnRow? stored, string tenant, AddOn addOn) =>
        stored is null ? new AddOnRow { Tenant = tenant, AddOn = new TenantAddOn { Code = addOn.Code, Type = addOn.Type } }
        : stored.AddOn.Status == AddOnStatus.Off ? stored with { AddOn = stored.AddOn with { Type = addOn.Type } }
        : stored;

    /// <summary>
    /// Orders just what is missing. The order has a key of its own, so that the same request finds it again, whatever has
    /// become of the credits meanwhile.
    /// </summary>
    private async Task<Outcome<PurchaseView>> Order(
        Caller caller, string tenant, AddOn addOn, Note note, EnableAddOnRequest asked, long missing, CancellationToken stop)
    {
        // Another request under the same key is another order. No caller can send the first letter.
        var order = new OrderRequest
        {
            Tenant = tenant, Method = asked.Method, Key = string.Create(CultureInfo.InvariantCulture, $"§addon:{note.Fingerprint:x}:{note.Key}"),
            Actor = caller.KeyId, Reference = addOn.UsageType, BoughtFor = addOn.UsageType, ReturnUrl = asked.ReturnUrl ?? "",
        };
        if (await checkout.FindByKey(tenant, order.Key, stop) is { } made)
            return await purchases.Run(Priced(order, made.Pack, addOn.Type, made.Purchase.Price, made.Purchase.Currency), stop);
        var type = catalogs.Current.Types[addOn.Type];
        var offered = await offers.Run(order with { Type = addOn.Type, Amount = LedgerViews.Decimal(missing, type) }, stop);
        if (offered.Problem is { } notForSale) return AddOnProblems.NotSold(notForSale, addOn.Type);
        return await purchases.Run(Priced(order, offered.Value.Pack, addOn.Type, offered.Value.Price, offered.Value.Currency), stop);
    }

    private static OrderRequest Priced(OrderRequest order, string pack, string type, long price, string currency)
    {
        var money = Domain.Amount.FromUnits(price, Currency.Digits(currency));
        return pack.Length > 0 ? order with { Pack = pack, Price = money } : order with { Type = type, Amount = money };
    }

    private EnableAddOnReply ReplyOf(AddOnChange change, LedgerOutcome outcome, PurchaseView? bought)
    {
        var (decision, at, type) = (change.Decision!, change.Case!, change.CreditType!);
        var (addOn, entry) = (decision.AddOn, outcome.Main);
        var pool = new PoolKey(change.Tenant, type.Code);
        var isOn = addOn.Status == AddOnStatus.On;
        return new EnableAddOnReply
        {
            Tenant = change.Tenant,
            Addon = addOn.Code,
            Status = AddOnEvents.NameOf(addOn.Status),
            Charge = LedgerViews.Decimal(decision.Charge, type),
            DaysLeft = at.Cycle.DaysFrom(at.Today),
            PaidUntil = isOn ? addOn.PaidUntil : null,
            Drawn = LedgerViews.Drawn(entry?.Draw ?? Draw.Nothing, pool, type),
            Remaining = entry is null ? LedgerViews.Remaining(decision.Ledger.Pool, type) : LedgerViews.Remaining(entry, type),
            Missing = isOn ? null : LedgerViews.Decimal(decision.Missing, type),
            Purchase = bought,
            MinimumPurchase = bought is not null && IsMinimum(bought, LedgerViews.Decimal(decision.Missing, type)) && !isOn ? true : null,
            Entry = entry is null ? null : new LedgerId(change.Tenant, type.Code, entry.Id).ToString(),
        };
    }

    /// <summary>More was ordered than is missing, because the pack sells no less.</summary>
    private bool IsMinimum(PurchaseView bought, decimal missing) =>
        bought.Credits > missing && bought.Pack is { } code && catalogs.Current.Packs.GetValueOrDefault(code)?.Custom is { } custom
        && bought.Price == Domain.Amount.FromUnits(custom.MinPrice, Currency.Digits(bought.Currency));

    private static Outcome<EnableAddOnReply> Replay(KeptReply earlier, Note note) => earlier.Fingerprint == note.Fingerprint
        ? JsonSerializer.Deserialize(earlier.Reply, Json.Wire.EnableAddOnReply)! with { Replayed = true }
        : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);

    private static string OrderOf(PurchaseView bought) =>
        PurchaseId.TryParse(bought.Id, out var id) ? id.Number : throw new InvalidOperationException("A purchase has no id.");

    private static Outcome<bool> Buys(EnableAddOnRequest asked) => asked.OnShortage switch
    {
        "purchase" => true,
        null or "refuse" when asked.Method is null && asked.ReturnUrl is null => false,
        null or "refuse" => Problems.Invalid(asked.Method is null ? "return_url" : "method", "method and return_url go with on_shortage = purchase."),
        _ => Problems.Invalid("on_shortage", "on_shortage must be refuse or purchase."),
    };
}
