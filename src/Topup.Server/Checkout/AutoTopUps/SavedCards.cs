using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>The cards that buyers agreed to save: one for each tenant and method, the last one.</summary>
internal sealed class SavedCards(
    SavedCardStore store, CheckoutStore purchases, IEnumerable<IPaymentProvider> providers, LedgerHistory history, TimeProvider clock, ILogger<SavedCards> log)
{
    /// <summary>Null: there is none.</summary>
    public async Task<SavedCard?> Find(string tenant, string method, CancellationToken stop)
    {
        var saved = (await store.List(tenant, stop)).Find(row => row.Method == method);
        if (saved is { Card.Length: > 0 }) return new SavedCard(saved.Customer, saved.Card, saved.Brand, saved.Last4);
        // The server may have ended, or the provider been away, just when a card was to be remembered.
        var order = await store.LastOrderThatSaves(tenant, method, new Instant(saved?.SavedAt ?? 0), stop);
        if (order is null || await purchases.Find(new PurchaseId(tenant, order), stop) is not { } purchase) return null;
        return await Remember(purchase, stop);
    }

    /// <summary>The provider's id of the tenant, so that its page knows them again; empty: none.</summary>
    public async Task<string> CustomerOf(string tenant, string method, CancellationToken stop) =>
        (await store.List(tenant, stop)).Find(row => row.Method == method)?.Customer ?? "";

    /// <summary>To be called once a purchase is paid: keeps the card, if the buyer agreed to it.</summary>
    public async Task<SavedCard?> Remember(PurchaseRow purchase, CancellationToken stop)
    {
        if (!purchase.SavesCard || purchase.Purchase.Paid == 0) return null;
        if (providers.OfType<ICardCharger>().FirstOrDefault(known => known.Method == purchase.Purchase.Method) is not { } charger) return null;
        var answer = await charger.CardOf(purchase, stop);
        if (answer.Failure is { } failure)
        {
            log.LogWarning("{Method} did not say which card paid purchase {Purchase}: {Code}; it is asked when the card is needed",
                charger.Method, purchase.Id, failure.Code);
            return null;
        }
        if (answer.Value is { } card) await store.Save(purchase.Tenant, charger.Method, card, Instant.From(clock.GetUtcNow()), stop);
        return answer.Value;
    }

    /// <summary><c>GET /v1/tenants/{id}/saved-cards</c></summary>
    public async Task<IResult> HandleList(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await List(id, context.RequestAborted), Json.Wire.PageSavedCardView);
    }

    public async Task<Outcome<Page<SavedCardView>>> List(string tenant, CancellationToken stop)
    {
        if (!await history.HasTenant(tenant, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        foreach (var charger in providers.OfType<ICardCharger>()) await Find(tenant, charger.Method, stop);
        var rows = await store.List(tenant, stop);
        return new Page<SavedCardView> { Data = [.. rows.Where(row => row.Card.Length > 0).Select(View)] };
    }

    /// <summary><c>DELETE /v1/tenants/{id}/saved-cards/{method}</c>: it is never charged again.</summary>
    public async Task<IResult> HandleDelete(HttpContext context, string id, string method)
    {
        var author = Author.Of(context);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? author.Problem) is { } problem) return problem.AsResult();
        return Reply.Of(await Forget(id, method, author.Value, context.RequestAborted));
    }

    public async Task<Problem?> Forget(string tenant, string method, Author author, CancellationToken stop)
    {
        if (!await history.HasTenant(tenant, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        if (providers.OfType<ICardCharger>().FirstOrDefault(known => known.Method == method) is not { } charger) return AutoTopUpProblems.CardUnknown();
        // The provider first: if it cannot be reached nothing has changed, and the same request is sent again.
        if (await Find(tenant, method, stop) is { } card && (await charger.Forget(card, stop)).Failure is { } failure) return AutoTopUpProblems.CardKept(failure);
        return await store.Forget(tenant, method, author, Instant.From(clock.GetUtcNow()), stop) ? null : AutoTopUpProblems.CardUnknown();
    }

    private static SavedCardView View(SavedCardRow row) => new()
    {
        Method = row.Method,
        Brand = row.Brand.Length == 0 ? null : row.Brand,
        Last4 = row.Last4.Length == 0 ? null : row.Last4,
        SavedAt = new Instant(row.SavedAt).ToDateTimeOffset(),
    };
}
