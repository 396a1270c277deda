using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class LimitsOnSqlite(SqliteHost host) : LimitTests(host), IClassFixture<SqliteHost>;

public sealed class LimitsOnPostgres(PostgresHost host) : LimitTests(host), IClassFixture<PostgresHost>;

/// <summary>What a tenant's admin allows its projects: caps and switches that hold for every use.</summary>
public abstract class LimitTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_refusal_says_which_limit_whose_and_when_it_ends()
    {
        var (tenant, sms) = await Owner();
        await Client.SaveLimit(tenant, "shop-daily", Cap(2, "uses", "day") with { Subject = "shop" }, stop: Stop);
        await Use(tenant, sms, "shop");
        await Use(tenant, sms, "shop");

        var refused = await Use(tenant, sms, "shop");

        (refused.Allowed, refused.Reason, refused.Entry).ShouldBe((false, "limit_reached", null));
        refused.Remaining.Total.ShouldBe(98);
        refused.Limit.ShouldNotBeNull().ShouldSatisfyAllConditions(
            limit => (limit.Code, limit.Subject, limit.Used, limit.Left).ShouldBe(("shop-daily", "shop", 2, 0)),
            limit => limit.ResetsAt.ShouldBe(TestHost.Beginning.Date.AddDays(1)));
        (await Use(tenant, sms, "office")).Allowed.ShouldBeTrue();
        Host.Clock.Advance(TimeSpan.FromHours(12));
        (await Use(tenant, sms, "shop")).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_usage_type_can_be_switched_off_for_one_project()
    {
        var (tenant, sms) = await Owner();
        await Client.SaveLimit(tenant, "no-ai", new LimitRequest { Subject = "kiosk", UsageType = "ai_session", Off = true }, stop: Stop);

        var refused = await Use(tenant, sms, "kiosk", "ai_session");

        (refused.Allowed, refused.Reason, refused.Limit!.Code, refused.Limit.Off).ShouldBe((false, "usage_type_off", "no-ai", true));
        (await Use(tenant, sms, "kiosk", "plain_session")).Allowed.ShouldBeTrue();
        (await Use(tenant, sms, "other", "ai_session")).Allowed.ShouldBeTrue();
        var check = await Client.CheckCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Subject = "kiosk", UsageType = "ai_session" }, Stop);
        (check.Allowed, check.Reason, check.Fixes.ShouldHaveSingleItem().Action).ShouldBe((false, "usage_type_off", "change_limit"));
        await Client.DeleteLimit(tenant, "no-ai", stop: Stop);
        (await Use(tenant, sms, "kiosk", "ai_session")).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_cap_is_never_passed_by_uses_at_once()
    {
        var (tenant, sms) = await Owner();
        await Client.SaveLimit(tenant, "daily", Cap(7, "uses", "day"), stop: Stop);

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Use(tenant, sms)));

        replies.Count(reply => reply.Allowed).ShouldBe(7);
        (await Client.ListLimits(tenant, Stop)).ShouldHaveSingleItem().Left.ShouldBe(0);
        (await Host.Events(tenant)).Count(news => news.Type == "limit.reached").ShouldBe(1);
    }

    [Fact]
    public async Task A_cap_on_credits_counts_holds_and_gives_back_what_they_did_not_take()
    {
        var (tenant, sms) = await Owner();
        await Client.SaveLimit(tenant, "budget", Cap(10, "credits", "month") with { Type = sms }, stop: Stop);
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms, Amount = 8 }, stop: Stop);

        (await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Amount = 3 }, stop: Stop)).Reason.ShouldBe("limit_reached");
        await Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 5 }, stop: Stop);
        var use = await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Amount = 5 }, stop: Stop);
        use.Allowed.ShouldBeTrue();
        await Client.ReverseEntry(new ReversalRequest { Entry = use.Entry!, Amount = 2 }, stop: Stop);
        (await Client.ListLimits(tenant, Stop)).ShouldHaveSingleItem().Used.ShouldBe(8);

        var expiring = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms, Amount = 2, ExpiresIn = 60 }, stop: Stop);
        expiring.Allowed.ShouldBeTrue();
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Amount = 2 }, stop: Stop)).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task Limits_that_cannot_be_are_refused_by_name_and_change_nothing()
    {
        var (tenant, sms) = await Owner();
        var cap = Cap(1, "uses", "day");

        await Refused(Save("a", cap with { Until = Host.Clock.GetUtcNow() }), 400, "invalid_field", "until");
        await Refused(Save("a", cap with { Off = true }), 400, "invalid_field", "cap");
        await Refused(Save("a", new LimitRequest()), 400, "missing_field", "cap");
        await Refused(Save("a", new LimitRequest { Off = true }), 400, "missing_field", "usage_type");
        await Refused(Save("a", Cap(1, "calls", "day")), 400, "invalid_field", "cap.measure");
        await Refused(Save("a", Cap(1, "uses", "year")), 400, "invalid_field", "cap.per");
        await Refused(Save("a", Cap(1, "credits", "day")), 400, "missing_field", "type");
        await Refused(Save("a", Cap(1.5m, "uses", "day")), 400, "invalid_field", "cap.amount");
        await Refused(Save("a", Cap(-1, "uses", "day")), 400, "invalid_field", "cap.amount");
        await Refused(Save("a", Cap(0.5m, "credits", "day") with { Type = sms }), 400, "invalid_field", "cap.amount");
        await Refused(Save("a", cap with { Type = "none" }), 404, "type_unknown", "type");
        await Refused(Save("A b", cap), 400, "invalid_field", "code");
        await Refused(Save("a", cap with { Subject = new string('x', 129) }), 400, "invalid_field", "subject");
        await Refused(Client.SaveLimit("nobody", "a", cap, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.DeleteLimit(tenant, "a", stop: Stop), 404, "limit_unknown");
        (await Client.ListLimits(tenant, Stop)).ShouldBeEmpty();

        Task Save(string code, LimitRequest asked) => Client.SaveLimit(tenant, code, asked, stop: Stop);
    }

    [Fact]
    public async Task A_tenants_own_admin_sets_and_sees_limits_and_nobody_elses()
    {
        var (own, sms) = await Owner();
        var other = await Host.NewTenant();
        using var http = Host.NewHttp(await Host.NewKey(own, "limits", "read"));
        using var admin = new Topup.Client.TopupClient(http);

        await admin.SaveLimit(own, "daily", Cap(1, "uses", "day"), "my own", Stop);

        (await admin.ListLimits(own, Stop)).ShouldHaveSingleItem().Code.ShouldBe("daily");
        await Refused(admin.SaveLimit(other, "daily", Cap(1, "uses", "day"), stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(admin.ListLimits(other, Stop), 404, "tenant_unknown", "tenant");
        await Refused(admin.GrantCredits(new GrantRequest { Tenant = own, Type = sms, Amount = 1, Source = "adjustment" }, stop: Stop), 403, "forbidden");
    }

    [Fact]
    public async Task A_credit_type_that_a_limit_names_stays_and_one_with_a_name_alike_may_go()
    {
        var tenant = await Host.NewTenant();
        await Client.SaveCreditType("a_limited", new CreditTypeRequest { Name = "a", Unit = "credit", Decimals = 0 }, stop: Stop);
        await Client.SaveCreditType("a-limited", new CreditTypeRequest { Name = "a", Unit = "credit", Decimals = 0 }, stop: Stop);
        await Client.SaveLimit(tenant, "daily", Cap(1, "credits", "day") with { Type = "a-limited" }, stop: Stop);

        await Refused(Client.DeleteCreditType("a-limited", stop: Stop), 409, "in_use", "code");
        await Client.DeleteCreditType("a_limited", stop: Stop);
        await Client.DeleteLimit(tenant, "daily", stop: Stop);
        await Client.DeleteCreditType("a-limited", stop: Stop);
    }

    [Fact]
    public async Task A_tenant_may_have_200_limits()
    {
        var (tenant, _) = await Owner();
        for (var i = 0; i < 200; i++) await Client.SaveLimit(tenant, $"limit-{i}", Cap(i, "uses", "day") with { Subject = $"{i}" }, stop: Stop);

        var refused = await Refused(Client.SaveLimit(tenant, "one-more", Cap(1, "uses", "day"), stop: Stop), 409, "too_many_limits");

        refused.Limit.ShouldBe(200);
        await Client.SaveLimit(tenant, "limit-7", Cap(9, "uses", "day") with { Subject = "7" }, stop: Stop);
    }

    private async Task<(string Tenant, string Type)> Owner()
    {
        var sms = await Host.NewType();
        return (await Host.NewTenant(await Host.NewPlan((sms, 100))), sms);
    }

    private static LimitRequest Cap(decimal amount, string measure, string per) =>
        new() { Cap = new LimitCap { Amount = amount, Measure = measure, Per = per } };

    private Task<ConsumeReply> Use(string tenant, string type, string? subject = null, string? usageType = null) =>
        Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type, Subject = subject, UsageType = usageType }, stop: Stop);
}
