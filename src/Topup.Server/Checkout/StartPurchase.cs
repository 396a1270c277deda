using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>
/// <c>POST /v1/purchases</c>: buys a pack. Paid from the balance, the price is taken and the lot is added in one
/// transaction with the purchase row and its events: all of it, or none.
/// </summary>
internal sealed class StartPurchase(LedgerDesk desk, LedgerReader reader, CatalogCache catalogs, CheckoutStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.PurchaseRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value, context.RequestAborted), Json.Wire.PurchaseView);
    }

    private async Task<Outcome<PurchaseView>> Run(Caller caller, string key, PurchaseRequest asked, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? Fields.Code("pack", asked.Pack)
            ?? LedgerDesk.Words(null, null, asked.Reference)) is { } invalid) return invalid;
        if (asked.Method != "balance") return Problems.Of(400, ProblemCodes.MethodUnknown, "method must be balance.", "method");

        var fingerprint = LedgerDesk.Fingerprint("purchase", asked.Pack, asked.Method, asked.Reference);
        var offer = await OfferTo(asked, stop);
        if (offer.Problem is { } notForSale) return await Replay(asked.Tenant, key, fingerprint, stop) ?? notForSale;

        var (pack, type, money) = offer.Value;
        var now = clock.GetUtcNow();
        var purchase = new PurchaseRow(
            asked.Tenant, Guid.CreateVersion7(now).ToString(), "credited", "balance", pack.Code, pack.Type, pack.Credits, pack.Price, pack.Currency,
            Lot: 0, money.Code, Payment: 0, asked.Reference ?? "", now.ToUnixTimeMilliseconds());
        var note = new Note(key, fingerprint, caller.KeyId, Reference: purchase.Id);
        var submitted = await desk.Submit(new ExchangeCredits(asked.Tenant, money.Code, pack.Price, type.Code, pack.Credits, note,
            (outcome, writes) => WriteAlongside(purchase, type, outcome, writes)), money);
        if (submitted.Problem is { } problem) return problem;
        var outcome = submitted.Value;
        if (outcome.Refusal == LedgerRefusal.InsufficientCredits) return MissingMoney(outcome, pack, money);
        if (outcome.Refusal != LedgerRefusal.None) return LedgerProblems.Of(outcome.Refusal, outcome.Shortfall, money);
        return outcome.Replayed
            ? await Replay(asked.Tenant, key, fingerprint, stop) ?? throw new InvalidOperationException("A payment has no purchase.")
            : store.View(Credited(purchase, outcome));
    }

    /// <summary>What the tenant would buy, and the money it would pay with, as the catalogue stands now.</summary>
    private async Task<Outcome<Offer>> OfferTo(PurchaseRequest asked, CancellationToken stop)
    {
        await catalogs.Refresh(stop);
        var catalog = catalogs.Current;
        if (!catalog.Packs.TryGetValue(asked.Pack, out var pack))
            return Problems.Of(404, ProblemCodes.PackUnknown, "There is no pack of this code.", "pack");
        var type = catalog.Types[pack.Type];
        var bought = await reader.Pool(asked.Tenant, type, stop);
        if (bought.Problem is { } unknown) return unknown;
        if (!pack.IsSoldTo(bought.Value.Plan) || !bought.Value.MayTopUp)
            return Problems.Of(409, ProblemCodes.PackNotForSale, pack.Active ? "The tenant's plan may not buy this pack." : "The pack is not active.", "pack");
        return MoneyType(catalog, pack) is { } money
            ? new Offer(pack, type, money)
            : Problems.Of(409, ProblemCodes.NoBalance, $"No credit type holds {pack.Currency}, so nothing can be paid from a balance in it.", "method");
    }

    /// <summary>The purchase that the key has already made: what was bought stays bought, whatever the catalogue says today.</summary>
    private async Task<Outcome<PurchaseView>?> Replay(string tenant, string key, long fingerprint, CancellationToken stop)
    {
        if (await store.FindByKey(tenant, key, stop) is not { } first) return null;
        if (first.Fingerprint != fingerprint) return LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        return store.View(first.Purchase) with { Replayed = true };
    }

    private static Problem MissingMoney(LedgerOutcome outcome, Pack pack, CreditType money)
    {
        var missing = LedgerViews.Decimal(outcome.Shortfall, money);
        return Problems.Of(402, ProblemCodes.InsufficientBalance, $"{missing} {pack.Currency} is missing from the balance.")
            .With("missing", JsonSerializer.SerializeToElement(missing, Json.Wire.Decimal))
            .With("currency", JsonSerializer.SerializeToElement(pack.Currency, Json.Wire.String));
    }

    /// <summary>The credit type that holds money of the pack's currency, the operator's own before others.</summary>
    private static CreditType? MoneyType(CatalogSnapshot catalog, Pack pack) => catalog.Types.Values
        .Where(type => type.Currency == pack.Currency && type.Code != pack.Type)
        .OrderBy(type => type.Code == "balance" ? 0 : 1).ThenBy(type => type.Code, StringComparer.Ordinal)
        .FirstOrDefault();

    private static void WriteAlongside(PurchaseRow purchase, CreditType type, LedgerOutcome outcome, Alongside writes)
    {
        var credited = Credited(purchase, outcome);
        CheckoutStore.Add(writes.RowsOf(CheckoutStore.Insert), credited);
        var entry = outcome.Other!;
        var data = new PoolEvent
        {
            Type = type.Code,
            Entry = new LedgerId(purchase.Tenant, type.Code, entry.Id).ToString(),
            Amount = LedgerViews.Decimal(entry.Amount, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Related = new LedgerId(purchase.Tenant, type.Code, entry.Id).ToString(),
            Purchase = new PurchaseId(purchase.Tenant, purchase.Id).ToString(),
            Reference = purchase.Reference.Length > 0 ? purchase.Reference : null,
        };
        writes.Tell(OutboxEvent.Create(purchase.Tenant, "purchase.paid", entry.At, JsonSerializer.Serialize(data, Json.Wire.PoolEvent)));
    }

    private static PurchaseRow Credited(PurchaseRow purchase, LedgerOutcome outcome) =>
        purchase with { Lot = outcome.Other!.Id, Payment = outcome.Main!.Id };

    private sealed record Offer(Pack Pack, CreditType Type, CreditType Money);
}
