using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout.AutoTopUps;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>
/// <c>POST /v1/purchases</c>: buys. Paid from the balance, the price is taken and the credits are added in one
/// transaction with the purchase. Paid to a provider, the purchase is written down first, with all that was agreed, and
/// only then is the provider asked for a page: whatever happens after, what was bought is known.
/// </summary>
internal sealed class StartPurchase(
    LedgerDesk desk, MakeOffer offers, CheckoutStore store, SettlePurchase settle, PaymentMethods methods, IEnumerable<IPaymentProvider> providers,
    SavedCards cards, OperatorSettings settings, Database database, PublicAddress address, PurchaseViews views, TimeProvider clock)
{
    private const int TokenBytes = 16;

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.PurchaseRequest);
        var key = IdempotencyKey.Read(context);
        return (body.Problem ?? key.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(context.Caller(), key.Value, body.Value, context.RequestAborted), Json.Wire.PurchaseView);
    }

    public async Task<Outcome<PurchaseView>> Run(Caller caller, string key, PurchaseRequest asked, CancellationToken stop)
    {
        if ((LedgerDesk.Tenant(caller, asked.Tenant) ?? LedgerDesk.Words(null, null, asked.Reference) ?? Fields.ReturnUrl(asked.ReturnUrl)) is { } invalid) return invalid;
        return await Run(new OrderRequest
        {
            Tenant = asked.Tenant, Pack = asked.Pack, Type = asked.Type, Amount = asked.Amount, Price = asked.Price, Method = asked.Method,
            SavesCard = asked.SaveCard == true, Key = key, Actor = caller.KeyId, Reference = asked.Reference ?? "", ReturnUrl = asked.ReturnUrl ?? "",
        }, stop);
    }

    /// <summary>Orders, and opens the page on which the buyer pays.</summary>
    public async Task<Outcome<PurchaseView>> Run(OrderRequest asked, CancellationToken stop)
    {
        var ordered = await Order(asked, stop);
        if (ordered.Problem is { } problem) return problem;
        var (row, replayed) = ordered.Value;
        if (row.Purchase.Status != PurchaseStatus.Created) return views.Of(row) with { Replayed = replayed };
        var opened = await OpenPage(row, stop);
        return opened.Problem is { } closed ? closed : views.Of(opened.Value) with { Replayed = replayed };
    }

    /// <summary>Writes the order down, or pays it from the balance. The page of a provider is not opened yet.</summary>
    public async Task<Outcome<Ordered>> Order(OrderRequest asked, CancellationToken stop)
    {
        var fingerprint = LedgerDesk.Fingerprint("purchase", asked.Pack, asked.Type, Canonical(asked.Amount), Canonical(asked.Price), asked.Method,
            asked.SavesCard ? "saves card" : null, asked.Reference, asked.ReturnUrl is "" ? null : asked.ReturnUrl);
        if (await Replay(asked.Tenant, asked.Key, fingerprint, stop) is { } first) return first;

        var offered = await methods.Offered(stop);
        if (asked.Method is { } wanted && !methods.IsKnown(wanted))
            return Problems.Of(400, ProblemCodes.MethodUnknown, $"method must be one of {string.Join(", ", offered)}.", "method");
        var method = asked.Method ?? (offered.Count > 0 ? offered[0] : "balance");
        if (!offered.Contains(method))
            return Problems.Of(409, ProblemCodes.MethodNotOffered, $"The operator does not offer the method {method}. Offered: {string.Join(", ", offered)}.", "method");
        var made = await offers.Run(asked, stop);
        if (made.Problem is { } notForSale) return notForSale;
        var offer = made.Value;

        var provider = providers.FirstOrDefault(known => known.Method == method);
        if (asked.SavesCard && provider is not ICardCharger)
            return Problems.Invalid("save_card", $"The method {method} cannot save a card.");
        if (provider?.Refuses(offer.Price, offer.Currency) is { } refused)
            return Problems.Of(409, ProblemCodes.PriceNotAccepted, refused, "method");

        var now = Instant.From(clock.GetUtcNow());
        var minutes = (await settings.Checkout(stop)).CheckoutMinutes;
        var row = NewRow(asked, offer, method, fingerprint, now, minutes);
        if (provider is null) return await PayFromBalance(row, offer, stop);
        var created = await store.Create(row, PurchaseStep.Of(now, PurchaseStatus.Created, "Ordered", asked.Actor), stop);
        if (created.Key == asked.Key && created.Fingerprint != fingerprint) return LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        return new Ordered(created, Replayed: created.Purchase.Order != row.Purchase.Order);
    }

    /// <summary>Asks the provider for its page. If that fails, the same request finds the purchase again and goes on with it.</summary>
    private async Task<Outcome<PurchaseRow>> OpenPage(PurchaseRow row, CancellationToken stop)
    {
        var provider = providers.First(known => known.Method == row.Purchase.Method);
        var answer = await provider.Open(row, await BuyerOf(row, stop), stop);
        if (answer.Failure is { Kind: ProviderFailureKind.Unavailable } lost) return CheckoutProblems.Of(lost, row.Id);
        if (answer.Failure is { } refused)
        {
            var failed = row.Purchase with
            {
                Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.GaveUp), Failure = refused.Code,
            };
            await settle.Apply(row, failed, "checkout", stop);
            return CheckoutProblems.Of(refused, row.Id);
        }
        var page = answer.Value;
        var opened = row.Purchase with { Status = PurchaseStates.Next(row.Purchase.Status, PurchaseEvent.Opened) };
        var saved = await settle.Submit(new PurchaseChange(row, row.Purchase.Type, "checkout",
            now => new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), opened, []),
            also: changed => changed with { Checkout = page.Id, CheckoutUrl = page.Url }));
        // Somebody else has opened it meanwhile, with the same key: it is the same page.
        return saved.Problem is { Code: ProblemCodes.PurchaseChanged } && await store.Find(row.Id, stop) is { } other ? other : saved;
    }

    private async Task<Outcome<Ordered>> PayFromBalance(PurchaseRow row, Offer offer, CancellationToken stop)
    {
        if (settle.MoneyType(offer.Currency) is not { } money || money.Code == offer.Type.Code)
            return Problems.Of(409, ProblemCodes.NoBalance, $"No credit type holds {offer.Currency}, so nothing can be paid from a balance in it.", "method");
        row = row with { PaymentType = money.Code, OpenSlot = "", CheckAt = Instant.Never, ExpiresAt = Instant.Never };
        var note = new Note(row.Key, row.Fingerprint, row.Actor, Reference: row.Purchase.Order);
        var credited = row;
        var submitted = await desk.Submit(new ExchangeCredits(row.Tenant, money.Code, offer.Price, offer.Type.Code, offer.Credits, note,
            (outcome, writes) => credited = WriteAlongside(row, outcome, writes)), money);
        if (submitted.Problem is { } problem) return problem;
        var outcome = submitted.Value;
        if (outcome.Refusal == LedgerRefusal.InsufficientCredits) return MissingMoney(outcome, offer, money);
        if (outcome.Refusal != LedgerRefusal.None) return LedgerProblems.Of(outcome.Refusal, outcome.Shortfall, money);
        if (!outcome.Replayed) return new Ordered(credited, Replayed: false);
        return await Replay(row.Tenant, row.Key, row.Fingerprint, stop) ?? throw new InvalidOperationException("A payment has no purchase.");
    }

    /// <summary>The purchase that the key has already made: what was bought stays bought, whatever the catalogue says today.</summary>
    private async Task<Outcome<Ordered>?> Replay(string tenant, string key, long fingerprint, CancellationToken stop)
    {
        if (await store.FindPaidByKey(tenant, key, stop) is { } paid)
            return paid.Fingerprint == fingerprint ? new Ordered(paid.Purchase, Replayed: true) : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        if (await store.FindByKey(tenant, key, stop) is { } made)
            return made.Fingerprint == fingerprint ? new Ordered(made, Replayed: true) : LedgerProblems.Of(LedgerRefusal.KeyReused, 0, null);
        return null;
    }

    private async Task<Buyer> BuyerOf(PurchaseRow row, CancellationToken stop)
    {
        var tenant = await database.Read(connection => TenancyStore.FindTenant(connection, row.Tenant), stop);
        var customer = row.SavesCard ? await cards.CustomerOf(row.Tenant, row.Purchase.Method, stop) : "";
        return new Buyer(tenant?.Name ?? "", tenant?.Email ?? "", tenant?.Locale ?? "", customer,
            ReturnUrl: address.Of("/checkout/" + row.ReturnToken), NotifyUrl: address.Of("/webhooks/" + row.Purchase.Method));
    }

    private static PurchaseRow NewRow(OrderRequest asked, Offer offer, string method, long fingerprint, Instant now, int minutes) => new()
    {
        Tenant = asked.Tenant,
        Purchase = new Purchase
        {
            Order = Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), Method = method, Type = offer.Type.Code, Credits = offer.Credits,
            Price = offer.Price, Currency = offer.Currency,
        },
        Pack = offer.Pack,
        Title = offer.Title,
        ReturnToken = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
        SavesCard = asked.SavesCard,
        AutoTopUp = asked.AutoTopUp,
        Key = asked.Key,
        Fingerprint = fingerprint,
        OpenSlot = asked.AutoTopUp.Length > 0 ? "" :
            $"{method}|{offer.Pack}|{offer.Type.Code}|{offer.Credits}|{offer.Price}|{offer.Currency}|{asked.SavesCard}"
            + (asked.BoughtFor.Length > 0 ? "|" + asked.BoughtFor : ""),
        Actor = asked.Actor,
        Reference = asked.Reference,
        ReturnUrl = asked.ReturnUrl,
        CreatedAt = now,
        // Nobody is shown a page that could close: a charge is asked after until it is known what became of it.
        ExpiresAt = asked.AutoTopUp.Length > 0 ? Instant.Never : now.Plus(TimeSpan.FromMinutes(minutes)),
        CheckAt = CheckSchedule.Next(PurchaseStatus.Created, now, 0, now),
    };

    private static PurchaseRow WriteAlongside(PurchaseRow row, LedgerOutcome outcome, Alongside writes)
    {
        var entry = outcome.Other!;
        var credited = row with
        {
            Purchase = row.Purchase with
            {
                Status = PurchaseStatus.Credited, Paid = row.Purchase.Price, LotType = row.Purchase.Type, Lot = entry.Id, Granted = row.Purchase.Credits,
            },
            Payment = outcome.Main!.Id,
            PaidAt = entry.At,
        };
        CheckoutStore.Save(credited, writes);
        CheckoutStore.Save(credited.Id, PurchaseStep.Of(entry.At, PurchaseStatus.Credited, "Paid from the balance and credited", row.Actor), writes);
        writes.Tell(CheckoutNews.Of(credited, PurchaseNews.Paid, entry.At));
        return credited;
    }

    private static Problem MissingMoney(LedgerOutcome outcome, Offer offer, CreditType money)
    {
        var missing = LedgerViews.Decimal(outcome.Shortfall, money);
        return Problems.Of(402, ProblemCodes.InsufficientBalance, $"{missing} {offer.Currency} is missing from the balance.")
            .With("missing", JsonSerializer.SerializeToElement(missing, Json.Wire.Decimal))
            .With("currency", JsonSerializer.SerializeToElement(offer.Currency, Json.Wire.String));
    }

    private static string? Canonical(decimal? amount) => amount is { } value ? LedgerDesk.Canonical(value) : null;
}

/// <summary>What is to be ordered, by whomever.</summary>
internal sealed record OrderRequest
{
    public required string Tenant { get; init; }
    public string? Pack { get; init; }
    public string? Type { get; init; }
    public decimal? Amount { get; init; }
    public decimal? Price { get; init; }

    /// <summary>Null: the operator's default.</summary>
    public string? Method { get; init; }
    public bool SavesCard { get; init; }
    public required string Key { get; init; }
    public required string Actor { get; init; }

    /// <summary>The credit type whose automatic top-up orders it; empty: a person does.</summary>
    public string AutoTopUp { get; init; } = "";
    /// <summary>What waits for it; empty: nothing. The same credits for two things are two orders.</summary>
    public string BoughtFor { get; init; } = "";
    public string Reference { get; init; } = "";

    /// <summary>Where the buyer goes on to afterwards; empty: nowhere.</summary>
    public string ReturnUrl { get; init; } = "";
}

/// <param name="Replayed">The order was there before: by the same key, or because the same is open already.</param>
internal sealed record Ordered(PurchaseRow Row, bool Replayed);
