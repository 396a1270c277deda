using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class CatalogApiOnSqlite(SqliteHost host) : CatalogApiTests(host), IClassFixture<SqliteHost>;

public sealed class CatalogApiOnPostgres(PostgresHost host) : CatalogApiTests(host), IClassFixture<PostgresHost>;

public abstract class CatalogApiTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_credit_type_is_saved_shown_listed_and_deleted()
    {
        var code = Host.NewName("type");
        var request = new CreditTypeRequest
        {
            Name = "AI sessions", Unit = "session", Decimals = 2, Channel = "ai", NeedsActivePlan = true, DebtLimit = 1.5m, LowPercent = null, LowAmount = 3,
        };
        var saved = await Client.SaveCreditType(code, request, stop: Stop);
        (saved.Code, saved.Decimals, saved.Enabled, saved.NeedsActivePlan, saved.DebtLimit, saved.LowPercent, saved.LowAmount, saved.Channel)
            .ShouldBe((code, 2, true, true, 1.5m, null, 3m, "ai"));
        (await Client.GetCreditType(code, Stop)).ShouldBe(saved);
        (await All(Client.ListCreditTypes(Stop))).ShouldContain(saved);
        var other = await Client.SaveCreditType(Host.NewName("type"), request with { CampaignPool = code }, stop: Stop);
        other.CampaignPool.ShouldBe(code);

        await Refused(Client.DeleteCreditType(code, stop: Stop), 409, "in_use", "code");
        await Client.DeleteCreditType(other.Code, stop: Stop);
        await Client.DeleteCreditType(code, "never used", Stop);
        await Refused(Client.GetCreditType(code, Stop), 404, "type_unknown", "code");
        await Refused(Client.DeleteCreditType(code, stop: Stop), 404, "type_unknown", "code");
        var deleted = (await All(Client.ListAudit(stop: Stop))).Single(change => change.Target == code && change.After is null);
        (deleted.Action, deleted.Reason).ShouldBe(("credit_type.deleted", "never used"));
    }

    [Fact]
    public async Task A_plan_is_saved_shown_listed_and_deleted()
    {
        var (sms, email) = (await Host.NewType(), await Host.NewType(decimals: 1));
        var code = Host.NewName("plan");
        var saved = await Client.SavePlan(code, new PlanRequest
        {
            Name = "Premium",
            Allowances = new Dictionary<string, decimal> { [sms] = 500, [email] = -1 },
            TopUp = [sms],
            Rollover = new Dictionary<string, RolloverTerms> { [sms] = new() { Max = 100 } },
        }, stop: Stop);

        (saved.Allowances[sms], saved.Allowances[email], saved.TopUp!.Single(), saved.Rollover[sms].Max, saved.Rollover[sms].Min)
            .ShouldBe((500, -1, sms, 100, 0m));
        (await Client.GetPlan(code, Stop)).Name.ShouldBe("Premium");
        (await All(Client.ListPlans(Stop))).ShouldContain(plan => plan.Code == code);
        await Client.DeletePlan(code, stop: Stop);
        await Refused(Client.GetPlan(code, Stop), 404, "plan_unknown", "code");
        await Refused(Client.DeletePlan(code, stop: Stop), 404, "plan_unknown", "code");
    }

    [Fact]
    public async Task A_pack_is_saved_shown_listed_and_deleted()
    {
        var sms = await Host.NewType();
        var plan = await Host.NewPlan();
        var code = Host.NewName("pack");
        var request = new PackRequest
        {
            Type = sms, Name = "1,000 SMS", Description = "Two\nlines", Price = 1_234.56m, Currency = "USD", Credits = 1_000, Plans = [plan],
        };
        var saved = await Client.SavePack(code, request, stop: Stop);
        (saved.Price, saved.Currency, saved.Credits, saved.Active, saved.Plans!.Single(), saved.Description)
            .ShouldBe((1_234.56m, "USD", 1_000, true, plan, request.Description));
        (await Client.GetPack(code, Stop)).Name.ShouldBe("1,000 SMS");
        (await All(Client.ListPacks(Stop))).ShouldContain(pack => pack.Code == code);

        foreach (var (changed, field) in new[]
        {
            (request with { Price = 1 }, "price"), (request with { Credits = 1 }, "credits"), (request with { Currency = "EUR" }, "currency"),
            (request with { Type = await Host.NewType() }, "type"),
        })
            await Refused(Client.SavePack(code, changed, stop: Stop), 409, "pack_locked", field);
        await Refused(Client.DeletePlan(plan, stop: Stop), 409, "in_use", "code");
        (await Client.SavePack(code, request with { Name = "New name", Active = false, Plans = null }, stop: Stop)).Active.ShouldBeFalse();
        await Client.DeletePack(code, stop: Stop);
        await Refused(Client.GetPack(code, Stop), 404, "pack_unknown", "code");
        await Refused(Client.DeletePack(code, stop: Stop), 404, "pack_unknown", "code");
    }

    [Fact]
    public async Task A_pack_may_let_the_buyer_choose_the_amount_and_its_bounds_and_bonuses_may_change()
    {
        var code = Host.NewName("pack");
        var request = new PackRequest
        {
            Type = await Host.NewType(), Name = "SMS", Price = 10, Currency = "USD", Credits = 500,
            Custom = new CustomAmountTerms
            {
                MinPrice = 5, MaxPrice = 500.50m, Bonuses = [new BonusTerms { FromPrice = 50, Percent = 10 }, new BonusTerms { FromPrice = 100.01m, Percent = 25 }],
            },
        };
        await Client.SavePack(code, request, stop: Stop);
        var saved = (await Client.GetPack(code, Stop)).Custom.ShouldNotBeNull();
        (saved.MinPrice, saved.MaxPrice).ShouldBe((5m, 500.50m));
        saved.Bonuses.ShouldBe(request.Custom.Bonuses);

        await Client.SavePack(code, request with { Custom = new CustomAmountTerms { MinPrice = 1, MaxPrice = 20 } }, "spring", Stop);
        var changed = (await Client.GetPack(code, Stop)).Custom.ShouldNotBeNull();
        (changed.MinPrice, changed.MaxPrice, changed.Bonuses!.Count).ShouldBe((1m, 20m, 0));
        (await All(Client.ListPacks(Stop))).Single(pack => pack.Code == code).Custom!.MaxPrice.ShouldBe(20);
        var audited = (await All(Client.ListAudit(stop: Stop))).Single(change => change.Target == code && change.Before is not null);
        audited.Before!.Value.GetProperty("custom").GetProperty("bonuses")[1].GetProperty("from_price").GetDecimal().ShouldBe(100.01m);
        audited.After!.Value.GetProperty("custom").GetProperty("max_price").GetDecimal().ShouldBe(20);

        await Refused(Client.SavePack(code, request with { Custom = null }, stop: Stop), 409, "pack_locked", "custom");
        await Refused(Client.SavePack(code, request with { Credits = 501 }, stop: Stop), 409, "pack_locked", "credits");
        var plain = await Host.NewPack(request.Type, 500, 10, "USD");
        await Refused(Client.SavePack(plain, request, stop: Stop), 409, "pack_locked", "custom");
    }

    [Theory]
    [InlineData("JPY", "12.5", "price")]
    [InlineData("USD", "12.505", "price")]
    [InlineData("XXQ", "12", "currency")]
    public async Task A_price_has_the_decimals_of_its_currency(string currency, string price, string field)
    {
        var sms = await Host.NewType();
        var request = new PackRequest
        {
            Type = sms, Name = "x", Price = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), Currency = currency, Credits = 1,
        };
        await Refused(Client.SavePack(Host.NewName("pack"), request, stop: Stop), 400, "invalid_field", field);
    }
}
