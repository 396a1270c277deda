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
    LedgerDesk desk, LedgerHistory history, MakeOffer offers, SettlePurchase settle, PaymentMethods methods, SavedCards cards,
    IEnumerable<IPaymentProvider> providers, CatalogCache catalogs, AutoTopUpOutlook outlook, Database database, TimeProvider clock)
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
        if (!await history.HasTenant(tenant, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        var now = Instant.From(clock.GetUtcNow());
        var wanted = await RuleOf(tenant, type.Value, request, now, stop);
        if (wanted.Problem is { } refused) return refused;

        var (row, isNew) = await Save(tenant, type.Value, wanted.Value, author, now, stop);
        return new Saved<AutoTopUpView>(AutoTopUpForm.View(row, type.Value, await outlook.Of(row, stop)), isNew);
    }

    private async Task<Outcome<AutoTopUpRule>> RuleOf(string tenant, CreditType type, AutoTopUpRequest request, Instant now, CancellationToken stop)
    {
        if (AutoTopUpForm.Check(request, type) is { } wrong) return wrong;
        var threshold = request.Threshold is { } least ? Fields.Amount("threshold", least, type.Decimals) : 0;
        var target = request.Target is { } most ? Fields.Amount("target", most, type.Decimals) : 0;
        if ((threshold.Problem ?? target.Problem) is { } amiss) return amiss;
        if (request.Target is not null && target.Value <= threshold.Value)
            return Problems.Invalid("target", "target must be more than threshold.", request.Threshold);

        await catalogs.Refresh(stop);
        var pack = request.Pack is { } code ? catalogs.Current.Packs.GetValueOrDefault(code) : null;
        if (pack is not null && pack.Type == type.Code && pack.Custom is null != request.Target is null)
            return Problems.Invalid("target", pack.Custom is null
                ? "The pack is sold as it is; leave target out." : "The buyer chooses the amount of this pack: give target.");
        var offer = await offers.Run(
            new OrderRequest { Tenant = tenant, Pack = request.Pack, Type = type.Code, Amount = request.Target, Key = "", Actor = "" }, stop);
        // The target is what an order of this route calls its amount.
        if (offer.Problem is { } notSold) return notSold with { Field = notSold.Field == "amount" ? "target" : notSold.Field };

        var (currency, price) = (offer.Value.Currency, offer.Value.Price);
        var cap = Fields.Amount("monthly_cap", request.MonthlyCap, Currency.Digits(currency));
        if (cap.Problem is { } capped) return capped;
        if (cap.Value < price)
        {
            var needed = Amount.FromUnits(price, Currency.Digits(currency));
            return Problems.Invalid("monthly_cap", $"monthly_cap must be at least what one order costs, {needed} {currency}.", needed);
        }
        if (request.Target is null && offer.Value.Credits < threshold.Value)
            return Problems.Invalid("threshold", "One pack must lift the pool to the threshold, else several would be charged for one need.",
                LedgerViews.Decimal(offer.Value.Credits, type));
        if (await MethodProblem(tenant, type, request.Method, price, currency, stop) is { } notPayable) return notPayable;
        return new AutoTopUpRule
        {
            Threshold = threshold.Value, ThresholdPercent = request.ThresholdPercent, Pack = offer.Value.Pack, Target = request.Target is null ? null : target.Value,
            Method = request.Method, MonthlyCap = cap.Value, Currency = currency, Consent = new Consent(request.Consent.By, request.Consent.Words, now),
        };
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

    private Task<(AutoTopUpRow Row, bool IsNew)> Save(
        string tenant, CreditType type, AutoTopUpRule rule, Author author, Instant now, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var row = new AutoTopUpRow { Tenant = tenant, Type = type.Code, Rule = rule, State = new AutoTopUpState(), CheckAt = now };
            if (await AutoTopUpStore.Insert(connection, transaction, row))
            {
                await Audit.Add(connection, transaction, author, now, "auto_top_up.created", type.Code, tenant, null, AutoTopUpForm.Json(rule, type));
                return (row, true);
            }
            // Deleted in between: as good as saved before it.
            if (await AutoTopUpStore.Lock(connection, transaction, database.Dialect, tenant, type.Code) is not { } before) return (row, true);
            if (before.Rule == rule with { Consent = rule.Consent with { At = before.Rule.Consent.At } }) return (before, false);

            // A suspension outlives the change, and so does an attempt under way: nothing is charged for twice by saving.
            var checkAt = before.State.Attempt is null ? now : before.CheckAt;
            var after = await AutoTopUpStore.Update(connection, transaction, before with { Rule = rule, CheckAt = checkAt });
            await Audit.Add(connection, transaction, author, now, "auto_top_up.changed", type.Code, tenant,
                AutoTopUpForm.Json(before.Rule, type), AutoTopUpForm.Json(rule, type));
            return (after, false);
        }, stop);
}
