using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Checkout.Methods;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>
/// <c>PUT /v1/tenants/{id}/auto-top-ups/{type}</c>: somebody agrees that credits are bought by themselves. What could
/// never work, or would charge twice for one need, is refused now rather than failing later.
/// </summary>
internal sealed class SaveAutoTopUp(
    LedgerDesk desk, LedgerReader reader, AutoTopUpOutlook outlooks, SettlePurchase settle, PaymentMethods methods, SavedCards cards,
    IEnumerable<IPaymentProvider> providers, CatalogCache catalogs, ReadAutoTopUps views, Database database, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id, string type)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.AutoTopUpRequest);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? body.Problem) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, type, body.Value, author.Value, context.RequestAborted), Json.Wire.AutoTopUpView);
    }

    public async Task<Outcome<Saved<AutoTopUpView>>> Run(string tenant, string typeCode, AutoTopUpRequest request, Author author, CancellationToken stop)
    {
        var type = await desk.TypeOf(typeCode);
        if (type.Problem is { } unknown) return unknown;
        var pool = await reader.Pool(tenant, type.Value, stop);
        if (pool.Problem is { } nobody) return nobody;
        var wanted = await RuleOf(tenant, type.Value, pool.Value.Pool, request, stop);
        if (wanted.Problem is { } refused) return refused;

        var (row, isNew) = await Save(tenant, type.Value, wanted.Value, author, stop);
        return new Saved<AutoTopUpView>((await views.View(row, stop))!, isNew);
    }

    private async Task<Outcome<AutoTopUpRule>> RuleOf(string tenant, CreditType type, Pool pool, AutoTopUpRequest request, CancellationToken stop)
    {
        if (AutoTopUpForm.Check(request, type) is { } wrong) return wrong;
        var threshold = request.Threshold is { } least ? Fields.Amount("threshold", least, type.Decimals) : 0;
        var target = request.Target is { } most ? Fields.Amount("target", most, type.Decimals) : 0;
        if ((threshold.Problem ?? target.Problem) is { } amiss) return amiss;
        await catalogs.Refresh(stop);
        var pack = request.Pack is { } code ? catalogs.Current.Packs.GetValueOrDefault(code) : null;
        if (pack is not null && pack.Type == type.Code && pack.Custom is null != request.Target is null)
            return Problems.Invalid("target", pack.Custom is null
                ? "The pack is sold as it is; leave target out." : "The buyer chooses the amount of this pack: give target.");

        var rule = new AutoTopUpRule
        {
            Threshold = threshold.Value, ThresholdPercent = request.ThresholdPercent, Pack = request.Pack ?? "", Target = request.Target is null ? null : target.Value,
            Method = request.Method, MonthlyCap = 0, Currency = "", Consent = new Consent(request.Consent.By, request.Consent.Words, Now),
        };
        var needed = AutoTopUp.ThresholdOf(rule, pool);
        if (rule.Target <= needed)
            return Problems.Invalid("target", "target must be more than the threshold.", LedgerViews.Decimal(needed, type));
        var offer = await outlooks.OfferFor(tenant, rule, type, rule.Target ?? needed, stop);
        // The target is what an order of this route calls its amount.
        if (offer.Problem is { } notSold) return notSold with { Field = notSold.Field is "amount" or "price" ? "target" : notSold.Field };
        var (currency, price) = (offer.Value.Currency, offer.Value.Price);
        if (offer.Value.Credits < (rule.Target ?? needed))
        {
            return Problems.Invalid(rule.Target is not null ? "target" : request.Threshold is null ? "threshold_percent" : "threshold",
                "One order must be able to bring that much, else several would be charged for one need.", LedgerViews.Decimal(offer.Value.Credits, type));
        }
        var cap = Fields.Amount("monthly_cap", request.MonthlyCap, Currency.Digits(currency));
        if (cap.Problem is { } capped) return capped;
        if (cap.Value < price)
        {
            var costs = Amount.FromUnits(price, Currency.Digits(currency));
            return Problems.Invalid("monthly_cap", $"monthly_cap must be at least what one order costs, {costs} {currency}.", costs);
        }
        // Of money, the smallest order is what is missing just below the threshold.
        var cheapest = rule.Pack.Length == 0 ? rule.Target!.Value - needed : price;
        if (await MethodProblem(tenant, type, rule.Method, cheapest, currency, stop) is { } notPayable) return notPayable;
        return rule with { MonthlyCap = cap.Value, Currency = currency };
    }

    private async Task<Problem?> MethodProblem(string tenant, CreditType type, string method, long price, string currency, CancellationToken stop)
    {
        var offered = await methods.Offered(stop);
        if (!methods.IsKnown(method)) return Problems.Of(400, ProblemCodes.MethodUnknown, $"method must be one of {string.Join(", ", offered)}.", "method");
        if (!offered.Contains(method)) return Problems.Of(409, ProblemCodes.MethodNotOffered, $"The operator does not offer the method {method}.", "method");
        if (method == PaymentMethod.Balance)
        {
            return settle.MoneyType(currency) is { } money && money.Code != type.Code
                ? null
                : Problems.Of(409, ProblemCodes.NoBalance, $"No credit type holds {currency}, so nothing can be paid from a balance in it.", "method");
        }
        var provider = providers.FirstOrDefault(known => known.Method == method);
        if (provider is not ICardCharger) return Problems.Invalid("method", $"The method {method} cannot charge a saved card.");
        if (provider.Refuses(price, currency) is { } refused) return Problems.Of(409, ProblemCodes.PriceNotAccepted, refused, "method");
        return await cards.Find(tenant, method, stop) is null ? AutoTopUpProblems.NoSavedCard(method) : null;
    }

    private Task<(AutoTopUpRow Row, bool IsNew)> Save(string tenant, CreditType type, AutoTopUpRule rule, Author author, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            await TenancyStore.LockTenantRow(connection, transaction, database.Dialect, tenant);
            var before = await AutoTopUpStore.Lock(connection, transaction, database.Dialect, tenant, type.Code);
            var isNew = before is null or { State.IsEnded: true };
            // Agreed to already: the consent stays of the day on which it was given.
            if (!isNew && before!.Rule == rule with { Consent = rule.Consent with { At = before.Rule.Consent.At } }) return (before, false);

            var state = AutoTopUp.UnderNewRule(before?.State ?? new AutoTopUpState());
            var after = await AutoTopUpStore.Save(connection, transaction, new AutoTopUpRow
            {
                Tenant = tenant, Type = type.Code, Rule = rule, State = state, Version = before?.Version ?? 0,
                CheckAt = state.Attempt is null ? Now : before!.CheckAt,
            });
            await Audit.Add(connection, transaction, author, Now, isNew ? "auto_top_up.created" : "auto_top_up.changed", type.Code, tenant,
                isNew ? null : AutoTopUpForm.Json(before!.Rule, type), AutoTopUpForm.Json(rule, type));
            return (after, isNew);
        }, stop);

    private Instant Now => Instant.From(clock.GetUtcNow());
}
