using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class RateCardApiOnSqlite(SqliteHost host) : RateCardApiTests(host), IClassFixture<SqliteHost>;

public sealed class RateCardApiOnPostgres(PostgresHost host) : RateCardApiTests(host), IClassFixture<PostgresHost>;

public abstract class RateCardApiTests(HostFixture fixture) : ServerTests(fixture)
{
    private DateTimeOffset Tomorrow => Host.Clock.GetUtcNow().AddDays(1);

    [Fact]
    public async Task A_rate_card_is_saved_shown_listed_and_deleted()
    {
        var (sessions, voice, plan, code) = (await Host.NewType(3), await Host.NewType(), await Host.NewPlan(), Host.NewName("card"));
        var request = new RateCardRequest
        {
            Plan = plan, EffectiveFrom = Tomorrow,
            Rates =
            [
                new RateTerms { UsageType = "ai session", Name = "AI session", Type = sessions, Price = 0.05m, UnitCost = 0.0125m },
                new RateTerms { UsageType = "ai session", Type = sessions, Price = 0.075m, Dimensions = new Dictionary<string, string> { ["model"] = "large" } },
                new RateTerms { UsageType = "call", Type = voice, Price = 1, Seconds = 300 },
                new RateTerms { UsageType = "look", Type = sessions, Price = 0 },
            ],
            Unknown = new UnknownRateTerms { Name = "Anything else", Type = voice, Price = 2, Seconds = 60, UnitCost = 1_000_000 },
        };

        var saved = await Client.SaveRateCard(code, request, "spring", Stop);

        (saved.Code, saved.Plan, saved.EffectiveFrom, saved.Unknown).ShouldBe((code, plan, Tomorrow, request.Unknown));
        saved.Rates.Select(rate => (rate.UsageType, rate.Name, rate.Type, rate.Price, rate.Seconds, rate.UnitCost, rate.Dimensions?["model"])).ShouldBe(
            request.Rates.Select(rate => (rate.UsageType, rate.Name, rate.Type, rate.Price, rate.Seconds, rate.UnitCost, rate.Dimensions?["model"])));
        Same(await Client.GetRateCard(code, Stop), saved);
        (await All(Client.ListRateCards(stop: Stop))).ShouldContain(card => card.Code == code);
        (await All(Client.ListRateCards(plan, Stop))).ShouldHaveSingleItem().Code.ShouldBe(code);
        (await All(Client.ListRateCards(await Host.NewPlan(), Stop))).ShouldBeEmpty();

        await Refused(Client.DeletePlan(plan, stop: Stop), 409, "in_use", "code");
        await Refused(Client.DeleteCreditType(voice, stop: Stop), 409, "in_use", "code");
        await Client.DeleteRateCard(code, "never mind", Stop);
        await Refused(Client.GetRateCard(code, Stop), 404, "rate_card_unknown", "code");
        await Refused(Client.DeleteRateCard(code, stop: Stop), 404, "rate_card_unknown", "code");
        await Client.DeletePlan(plan, stop: Stop);
        await Client.DeleteCreditType(voice, stop: Stop);
        (await All(Client.ListAudit(stop: Stop))).Where(change => change.Target == code).Select(change => (change.Action, change.Reason))
            .ShouldBe([("rate_card.deleted", "never mind"), ("rate_card.created", "spring")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_card_begins_now_when_it_does_not_say_and_never_changes_again()
    {
        var (card, code) = (await NewCard(), Host.NewName("card"));

        var saved = await Client.SaveRateCard(code, card, stop: Stop);

        saved.EffectiveFrom.ShouldBe(Host.Clock.GetUtcNow());
        Host.Clock.Advance(TimeSpan.FromHours(1));
        Same(await Client.SaveRateCard(code, card, stop: Stop), saved);
        Same(await Client.SaveRateCard(code, card with { EffectiveFrom = saved.EffectiveFrom }, stop: Stop), saved);
        (await All(Client.ListAudit(stop: Stop))).Count(change => change.Target == code).ShouldBe(1, "a card that stays as it is is no change");
        var dearer = card with { Rates = [card.Rates[0] with { Price = 2 }] };
        (await Refused(Client.SaveRateCard(code, dearer, stop: Stop), 409, "rate_card_in_effect", "code")).Problem.Detail.ShouldContain("later effective_from");
        await Refused(Client.SaveRateCard(code, card with { EffectiveFrom = Tomorrow }, stop: Stop), 409, "rate_card_in_effect", "code");
        await Refused(Client.DeleteRateCard(code, stop: Stop), 409, "rate_card_in_effect", "code");
        await Refused(Client.DeletePlan(card.Plan!, stop: Stop), 409, "in_use", "code");
        (await Client.SaveRateCard(code + "-2", dearer with { EffectiveFrom = Tomorrow }, stop: Stop)).Rates[0].Price.ShouldBe(2);
    }

    [Fact]
    public async Task A_card_that_has_not_begun_may_change_and_keeps_its_date_unless_told()
    {
        var (card, code) = (await NewCard(), Host.NewName("card"));
        await Client.SaveRateCard(code, card with { EffectiveFrom = Tomorrow }, stop: Stop);
        Host.Clock.Advance(TimeSpan.FromHours(23));

        var changed = await Client.SaveRateCard(code, card with { Rates = [card.Rates[0] with { Price = 7 }] }, stop: Stop);

        (changed.EffectiveFrom, changed.Rates[0].Price).ShouldBe((Host.Clock.GetUtcNow().AddHours(1), 7));
        await Refused(Client.SaveRateCard(code, card with { EffectiveFrom = Host.Clock.GetUtcNow().AddMinutes(-1) }, stop: Stop), 400, "invalid_field", "effective_from");
        Host.Clock.Advance(TimeSpan.FromHours(1));
        await Refused(Client.SaveRateCard(code, card, stop: Stop), 409, "rate_card_in_effect", "code");
    }

    [Fact]
    public async Task A_plan_has_one_card_at_a_time()
    {
        var (card, code) = (await NewCard(), Host.NewName("card"));
        await Client.SaveRateCard(code, card with { EffectiveFrom = Tomorrow }, stop: Stop);
        await Refused(Client.SaveRateCard(code + "-2", card with { EffectiveFrom = Tomorrow }, stop: Stop), 409, "rate_card_date_taken", "effective_from");
        await Client.SaveRateCard(code + "-2", card with { EffectiveFrom = Tomorrow.AddSeconds(1) }, stop: Stop);
    }

    [Fact]
    public async Task Own_costs_are_for_the_operator_only()
    {
        var type = Host.NewName("type");
        var saved = await Client.SaveCreditType(type, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, UnitCost = 0.000_001m }, stop: Stop);
        var code = Host.NewName("card");
        await Client.SaveRateCard(code, new RateCardRequest
        {
            Plan = await Host.NewPlan(), Rates = [new RateTerms { UsageType = "x", Type = type, Price = 1, UnitCost = 0 }],
            Unknown = new UnknownRateTerms { Type = type, Price = 1, UnitCost = 3 },
        }, stop: Stop);
        saved.UnitCost.ShouldBe(0.000_001m);
        (await Client.GetCreditType(type, Stop)).ShouldBe(saved);
        (await Client.GetRateCard(code, Stop)).Rates[0].UnitCost.ShouldBe(0);

        using var http = Host.NewHttp(await Host.NewKey(await Host.NewTenant(), "read"));
        using var client = new TopupClient(http);
        (await client.GetCreditType(type, Stop)).UnitCost.ShouldBeNull();
        (await All(client.ListCreditTypes(Stop))).ShouldAllBe(one => one.UnitCost == null);
        var card = await client.GetRateCard(code, Stop);
        (card.Rates[0].UnitCost, card.Unknown!.UnitCost, card.Rates[0].Price).ShouldBe((null, null, 1m));
        (await All(client.ListRateCards(stop: Stop))).SelectMany(one => one.Rates).ShouldAllBe(rate => rate.UnitCost == null);
        await Refused(client.SaveRateCard(code, await NewCard(), stop: Stop), 403, "forbidden");
    }

    [Fact]
    public async Task The_prices_of_a_plan_say_how_many_uses_an_amount_pays_for()
    {
        var (sessions, sms) = (await Host.NewType(3), await Host.NewType());
        var (starter, premium, none) = (await Host.NewPlan((sessions, 40)), await Host.NewPlan((sessions, 280)), await Host.NewPlan());
        RateTerms Rate(string usageType, string type, decimal price) => new() { UsageType = usageType, Type = type, Price = price };
        await Client.SaveRateCard(starter, new RateCardRequest
        {
            Plan = starter, Rates = [Rate("ai_session", sessions, 0.05m), Rate("session", sessions, 0.025m), Rate("sms", sms, 2), Rate("look", sms, 0)],
        }, stop: Stop);
        await Client.SaveRateCard(premium, new RateCardRequest
        {
            Plan = premium, EffectiveFrom = Tomorrow, Rates = [Rate("ai_session", sessions, 0.04m), Rate("session", sessions, 0.02m)],
            Unknown = new UnknownRateTerms { Type = sms, Price = 1 },
        }, stop: Stop);

        var view = await Client.GetPlanRates(starter, 5, stop: Stop);
        (view.Plan, view.RateCard).ShouldBe((starter, starter));
        view.Rates.Select(rate => rate.UsesForAmount).ShouldBe([100, 200, 2, null]);
        view.Rates.ShouldAllBe(rate => rate.UsesLeft == null);
        (await Client.GetPlanRates(starter, 5.999m, stop: Stop)).Rates[2].UsesForAmount.ShouldBe(2);
        (await Client.GetPlanRates(starter, stop: Stop)).Rates[0].UsesForAmount.ShouldBeNull();

        (await Client.GetPlanRates(premium, 5, stop: Stop)).RateCard.ShouldBeNull();
        var later = await Client.GetPlanRates(premium, 5.00m, Tomorrow, Stop);
        later.Rates.Select(rate => rate.UsesForAmount).ShouldBe([125, 250]);
        (later.Unknown!.UsageType, later.Unknown.UsesForAmount).ShouldBe((null, 5));
        (await Client.GetPlanRates(none, stop: Stop)).Rates.ShouldBeEmpty();
        await Refused(Client.GetPlanRates("nowhere", stop: Stop), 404, "plan_unknown", "code");
    }

    private async Task<RateCardRequest> NewCard() =>
        new() { Plan = await Host.NewPlan(), Rates = [new RateTerms { UsageType = "x", Type = await Host.NewType(), Price = 1 }] };

    private static void Same(RateCardView one, RateCardView other) =>
        System.Text.Json.JsonSerializer.Serialize(one, TopupJson.Default.RateCardView)
            .ShouldBe(System.Text.Json.JsonSerializer.Serialize(other, TopupJson.Default.RateCardView));
}
