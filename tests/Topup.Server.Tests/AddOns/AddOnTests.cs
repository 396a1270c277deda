using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.AddOns;

public sealed class AddOnsOnSqlite(SqliteAddOns host) : AddOnTests(host), IClassFixture<SqliteAddOns>;

public sealed class AddOnsOnPostgres(PostgresAddOns host) : AddOnTests(host), IClassFixture<PostgresAddOns>;

/// <summary>Switching add-ons on and off. The month is April, of 30 days, and the day its 16th.</summary>
public abstract class AddOnTests(HostFixture fixture) : AddOnServerTests(fixture)
{
    [Fact]
    public async Task The_price_of_a_month_is_charged_by_the_days_that_are_left_and_given_back_by_the_same_rule()
    {
        var (tenant, type, bot) = await Workspace(100);
        Host.Clock.Set("2026-04-01T09:00:00Z");
        var first = await Client.EnableAddOn(tenant, bot, stop: Stop);
        (first.Status, first.Charge, first.DaysLeft, first.PaidUntil, first.Remaining.Total).ShouldBe(("on", 30m, 30, new DateOnly(2026, 5, 1), 70m));

        Host.Clock.Set("2026-04-16T23:00:00Z");
        var off = await Client.DisableAddOn(tenant, bot, stop: Stop);
        (off.Status, off.GivenBack, off.Returned, off.Lapsed, off.Remaining.Total).ShouldBe(("off", 15m, 15m, 0m, 85m));
        off.To.Lots.ShouldBe([new LotDraw(first.Drawn.Lots[0].Lot, 15)]);

        var second = await Client.EnableAddOn(tenant, bot, stop: Stop);
        (second.Charge, second.DaysLeft, second.Remaining.Total).ShouldBe((15m, 15, 70m));
        (await Client.DisableAddOn(tenant, bot, stop: Stop)).Remaining.Total.ShouldBe(85m, "the same day costs nothing");

        var entry = (await All(Client.ListEntries(tenant, stop: Stop))).Single(line => line.Id == second.Entry);
        (entry.Kind, entry.Type, entry.UsageType, entry.Reference, entry.Amount).ShouldBe(("consume", type, "addon:" + bot, "2026-04-16/2026-05-01", 15m));
        (await News(tenant)).ShouldBe(["addon.enabled off>on 30", "addon.disabled on>off 15", "addon.enabled off>on 15", "addon.disabled on>off 15"]);
    }

    [Fact]
    public async Task The_allowance_pays_first_and_gets_back_last()
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 10)));
        await Host.Grant(tenant, type, 30, "promotional");
        var bot = await NewAddOn(type);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Drawn.ShouldSatisfyAllConditions(drawn => drawn.Allowance.ShouldBe(10), drawn => drawn.Purchased.ShouldBe(5));
        Host.Clock.Set("2026-04-23T00:00:00Z");
        var off = await Client.DisableAddOn(tenant, bot, stop: Stop);
        (off.GivenBack, off.To.Purchased, off.To.Allowance).ShouldBe((8m, 5m, 3m));
    }

    [Fact]
    public async Task What_is_on_cannot_be_enabled_nor_what_is_off_disabled_nor_what_is_not_offered()
    {
        var (tenant, type, bot) = await Workspace(100);
        await Refused(Client.DisableAddOn(tenant, bot, stop: Stop), 409, "addon_not_on", "addon");
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 409, "addon_on", "addon");
        await Client.DisableAddOn(tenant, bot, stop: Stop);
        await Refused(Client.DisableAddOn(tenant, bot, stop: Stop), 409, "addon_not_on", "addon");

        await NewAddOn(type, bot, active: false);
        await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 409, "addon_not_offered", "addon");
        var plan = await Host.NewPlan();
        await Client.SaveAddOn(bot, new AddOnRequest { Type = type, Name = bot, Price = 30, Plans = [plan] }, stop: Stop);
        await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 409, "addon_not_offered", "addon");
        await Host.SaveTenant(tenant, plan);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Status.ShouldBe("on");

        await Refused(Client.EnableAddOn(tenant, "none", stop: Stop), 404, "addon_unknown", "addon");
        await Refused(Client.DisableAddOn(tenant, "none", stop: Stop), 404, "addon_unknown", "addon");
        await Refused(Client.EnableAddOn("nobody", bot, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.DisableAddOn("nobody", bot, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.GetTenantAddOns("nobody", Stop), 404, "tenant_unknown", "tenant");
    }

    [Fact]
    public async Task Of_many_who_enable_at_once_one_does_and_of_many_who_disable_too()
    {
        var (tenant, type, bot) = await Workspace(1_000);
        (await AtOnce(20, () => Client.EnableAddOn(tenant, bot, stop: Stop), "addon_on")).ShouldBe(1);
        (await Left(tenant, type)).ShouldBe(985);
        (await AtOnce(20, () => Client.DisableAddOn(tenant, bot, stop: Stop), "addon_not_on")).ShouldBe(1);
        (await Left(tenant, type)).ShouldBe(1_000);
    }

    [Fact]
    public async Task The_same_request_gets_the_same_reply_whatever_has_become_of_the_add_on()
    {
        var (tenant, type, bot) = await Workspace(100);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Client.EnableAddOn(tenant, bot, key: "on", stop: Stop)));
        replies.Count(reply => !reply.Replayed).ShouldBe(1);
        var on = replies.First(reply => !reply.Replayed);
        replies.ShouldAllBe(reply => reply.Entry == on.Entry && reply.Charge == 15 && reply.Remaining == on.Remaining);
        var off = await Client.DisableAddOn(tenant, bot, "off", Stop);
        (await Client.EnableAddOn(tenant, bot, key: "on", stop: Stop)).Entry.ShouldBe(on.Entry);
        var again = await Client.DisableAddOn(tenant, bot, "off", Stop);
        (again.Replayed, again.Entry, again.GivenBack).ShouldBe((true, off.Entry, 15m));
        (await Left(tenant, type)).ShouldBe(100);

        await Refused(Client.DisableAddOn(tenant, bot, "on", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Refused(Client.EnableAddOn(tenant, await NewAddOn(type), key: "on", stop: Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Host.Consume(tenant, type, 1, "used");
        await Refused(Client.EnableAddOn(tenant, bot, key: "used", stop: Stop), 409, "idempotency_key_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Too_few_credits_are_refused_with_exactly_what_is_missing_and_leave_no_mark()
    {
        var (tenant, type, bot) = await Workspace(14.99m);
        var refused = await Refused(Client.EnableAddOn(tenant, bot, key: "k", stop: Stop), 402, "insufficient_credits");
        (refused.Limit, refused.Problem.Extensions!["missing"].GetDecimal()).ShouldBe((0.01m, 0.01m));
        await Host.Grant(tenant, type, 0.01m);
        (await Client.EnableAddOn(tenant, bot, key: "k", stop: Stop)).ShouldSatisfyAllConditions(reply => reply.Replayed.ShouldBeFalse(), reply => reply.Remaining.Total.ShouldBe(0));
    }

    [Fact]
    public async Task A_debt_is_missing_too()
    {
        var type = await Host.NewType(2, debtLimit: 100);
        var tenant = await Host.NewTenant();
        var bot = await NewAddOn(type);
        await Host.Grant(tenant, type, 1);
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = 1 }, stop: Stop);
        await Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 5 }, stop: Stop);
        var refused = await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 402, "insufficient_credits");
        refused.Problem.Extensions!["missing"].GetDecimal().ShouldBe(19m);
        await Host.Grant(tenant, type, 19);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Remaining.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_tenant_who_may_not_spend_may_not_enable_but_may_disable()
    {
        var (tenant, _, bot) = await Workspace(100);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Host.SaveTenant(tenant, null, status: "suspended");
        (await Client.DisableAddOn(tenant, bot, stop: Stop)).GivenBack.ShouldBe(15);
        await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 409, "tenant_suspended");
    }

    [Fact]
    public async Task A_charge_that_was_reversed_by_hand_is_not_given_back_again()
    {
        var (tenant, type, bot) = await Workspace(100);
        var on = await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Client.ReverseEntry(new ReversalRequest { Entry = on.Entry!, Amount = 12, Reason = "sorry" }, stop: Stop);
        (await Client.GetTenantAddOns(tenant, Stop)).Addons.Single(shown => shown.Code == bot).GivesBack.ShouldBe(3);
        (await Client.DisableAddOn(tenant, bot, stop: Stop)).GivenBack.ShouldBe(3);
        (await Left(tenant, type)).ShouldBe(100);
    }

    [Fact]
    public async Task A_lot_that_was_voided_meanwhile_takes_nothing_back_and_the_reply_says_so()
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant();
        var grant = await Host.Grant(tenant, type, 20);
        var bot = await NewAddOn(type);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Client.VoidGrant(grant, new VoidRequest { Reason = "x" }, stop: Stop);
        var off = await Client.DisableAddOn(tenant, bot, stop: Stop);
        (off.GivenBack, off.Returned, off.Lapsed).ShouldBe((15m, 0m, 15m));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_call_would_do_and_does_nothing()
    {
        var (tenant, type, bot) = await Workspace(100);
        var before = (await All(Client.ListEntries(tenant, stop: Stop))).Count;
        var would = await DryRun(tenant, bot, "enable");
        (would.Allowed, would.Charge, would.Drawn.Purchased, would.Remaining.Total, would.Missing, would.DaysLeft, would.CycleDays).ShouldBe((true, 15m, 15m, 85m, 0m, 15, 30));
        (await DryRun(tenant, bot, "disable")).ShouldSatisfyAllConditions(no => no.Allowed.ShouldBeFalse(), no => no.Reason.ShouldBe("addon_not_on"));
        ((await All(Client.ListEntries(tenant, stop: Stop))).Count, await Left(tenant, type)).ShouldBe((before, 100m));

        // The charge takes all of the lot, so that it is given back to a lot that is done.
        await Host.Consume(tenant, type, 85);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Remaining.ShouldBe(would.Remaining with { Total = 0, Purchased = 0 });
        var back = await DryRun(tenant, bot, "disable");
        (back.Allowed, back.GivenBack, back.Remaining.Total).ShouldBe((true, 15m, 15m));
        (await DryRun(tenant, bot, "enable")).Reason.ShouldBe("addon_on");
        (await Left(tenant, type)).ShouldBe(0);
        (await DryRun(tenant, await NewAddOn(type), "enable")).ShouldSatisfyAllConditions(
            no => no.Allowed.ShouldBeFalse(), no => no.Reason.ShouldBe("insufficient_credits"), no => no.Missing.ShouldBe(15), no => no.Charge.ShouldBe(15));

        await Refused(DryRun(tenant, bot, "toggle"), 400, "invalid_field", "action");
        await Refused(DryRun(tenant, "none", "enable"), 404, "addon_unknown", "addon");
        await Refused(DryRun("nobody", bot, "enable"), 404, "tenant_unknown", "tenant");
    }

    [Fact]
    public async Task The_page_shows_what_is_on_what_there_is_and_what_each_costs()
    {
        var (tenant, type, bot) = await Workspace(40);
        var (crm, hidden, kept) = (await NewAddOn(type, price: 20), await NewAddOn(type, active: false), await NewAddOn(type, price: 10));
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Client.EnableAddOn(tenant, kept, stop: Stop);
        await NewAddOn(type, kept, price: 10, active: false);

        Host.Clock.Set("2026-04-22T00:00:00Z");
        var page = await Client.GetTenantAddOns(tenant, Stop);
        (page.Today, page.CycleFrom, page.RenewsOn, page.CycleDays, page.DaysLeft).ShouldBe(
            (new DateOnly(2026, 4, 22), new DateOnly(2026, 4, 1), new DateOnly(2026, 5, 1), 30, 9));
        var shown = page.Addons.Where(addOn => addOn.Type == type).ToList();
        shown.Select(addOn => addOn.Code).ShouldBe(new[] { bot, crm, kept }.Order(StringComparer.Ordinal));
        shown.ShouldNotContain(addOn => addOn.Code == hidden);
        var (on, off) = (shown.Single(addOn => addOn.Code == bot), shown.Single(addOn => addOn.Code == crm));
        (on.Status, on.Available, on.ChargeNow, on.GivesBack, on.UsedThisCycle, on.PaidUntil, on.NextCharge).ShouldBe(
            ("on", false, 0m, 9m, 15m, new DateOnly(2026, 5, 1), 30m));
        (off.Status, off.Available, off.ChargeNow, off.Missing, off.Reason, off.NextCharge).ShouldBe(("off", true, 6m, 0m, null, null));
        var pool = page.Pools.Single(wallet => wallet.Type == type);
        (pool.Remaining.Total, pool.UsedThisCycle, pool.NextTotal, pool.NextAvailable, pool.NextCovered, pool.NextMissing).ShouldBe((20m, 20m, 40m, 20m, false, 20m));

        await Host.Grant(tenant, type, 20);
        (await Client.GetTenantAddOns(tenant, Stop)).Pools.Single(wallet => wallet.Type == type).NextCovered.ShouldBeTrue();
        await Host.Consume(tenant, type, 37);
        (await Client.GetTenantAddOns(tenant, Stop)).Addons.Single(addOn => addOn.Code == crm).ShouldSatisfyAllConditions(
            addOn => addOn.Missing.ShouldBe(3), addOn => addOn.Reason.ShouldBe("insufficient_credits"), addOn => addOn.Available.ShouldBeTrue());
    }

    [Fact]
    public async Task What_the_plan_will_include_by_then_counts_for_the_next_renewal_and_what_expires_until_then_does_not()
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 25)));
        await Host.Grant(tenant, type, 8, expiresAt: new DateTimeOffset(2026, 4, 30, 0, 0, 0, TimeSpan.Zero));
        await Host.Grant(tenant, type, 2);
        await Client.EnableAddOn(tenant, await NewAddOn(type), stop: Stop);
        var pool = (await Client.GetTenantAddOns(tenant, Stop)).Pools.Single(wallet => wallet.Type == type);
        (pool.Remaining.Total, pool.NextTotal, pool.NextAvailable, pool.NextMissing).ShouldBe((20m, 30m, 27m, 3m));
    }

    [Fact]
    public async Task Of_the_catalogue_the_type_stays_the_price_may_change_and_what_a_tenant_has_cannot_be_deleted()
    {
        var (tenant, type, bot) = await Workspace(100);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Refused(Client.DeleteAddOn(bot, stop: Stop), 409, "in_use", "code");
        await Refused(Client.DeleteCreditType(type, stop: Stop), 409, "in_use", "code");
        var other = await Host.NewType();
        await Refused(Client.SaveAddOn(bot, new AddOnRequest { Type = other, Name = "x", Price = 1 }, stop: Stop), 409, "addon_locked", "type");

        await NewAddOn(type, bot, price: 60);
        (await Client.GetTenantAddOns(tenant, Stop)).Addons.Single(addOn => addOn.Code == bot).ShouldSatisfyAllConditions(
            addOn => addOn.GivesBack.ShouldBe(15, "as it was charged"), addOn => addOn.NextCharge.ShouldBe(60));
        await Client.DisableAddOn(tenant, bot, stop: Stop);
        await Client.DeleteAddOn(bot, stop: Stop);
        await Refused(Client.GetAddOn(bot, Stop), 404, "addon_unknown", "code");
        (await All(Client.ListAddOns(Stop))).ShouldNotContain(addOn => addOn.Code == bot);

        var plan = await Host.NewPlan();
        await Client.SaveAddOn(bot, new AddOnRequest { Type = other, Name = "x", Price = 1, Plans = [plan] }, stop: Stop);
        await Refused(Client.DeletePlan(plan, stop: Stop), 409, "in_use", "code");
        await Host.SaveTenant(tenant, plan);
        await Host.Grant(tenant, other, 5);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Drawn.Purchased.ShouldBe(1, "a new add-on of the same code is paid in its own credits");
    }

    [Theory]
    [InlineData(0, null, "price")]
    [InlineData(-1, null, "price")]
    [InlineData(1.234, null, "price")]
    [InlineData(1, "", "name")]
    public async Task A_wrong_add_on_is_refused_by_the_field(decimal price, string? name, string field)
    {
        var type = await Host.NewType(2);
        await Refused(Client.SaveAddOn(Host.NewName("addon"), new AddOnRequest { Type = type, Name = name ?? "x", Price = price }, stop: Stop), 400, "invalid_field", field);
    }

    [Fact]
    public async Task A_wrong_request_is_refused_by_the_field()
    {
        var (tenant, type, bot) = await Workspace(1);
        var fine = new AddOnRequest { Type = type, Name = "x", Price = 1 };
        await Refused(Client.SaveAddOn(new string('x', 59), fine, stop: Stop), 400, "invalid_field", "code");
        await Refused(Client.SaveAddOn("Bot", fine, stop: Stop), 400, "invalid_field", "code");
        await Refused(Client.SaveAddOn("b", fine with { Type = "none" }, stop: Stop), 400, "type_unknown", "type");
        await Refused(Client.SaveAddOn("b", fine with { Plans = ["none"] }, stop: Stop), 400, "plan_unknown", "plans");
        await Refused(Client.SaveAddOn("b", fine with { Description = new string('x', 1_001) }, stop: Stop), 400, "invalid_field", "description");
        await Refused(Enable(tenant, bot, new EnableAddOnRequest { OnShortage = "cap" }), 400, "invalid_field", "on_shortage");
        await Refused(Enable(tenant, bot, new EnableAddOnRequest { Method = "sandbox" }), 400, "invalid_field", "method");
        await Refused(Enable(tenant, bot, new EnableAddOnRequest { ReturnUrl = "https://example.com/" }), 400, "invalid_field", "return_url");
        await Refused(Enable(tenant, bot, new EnableAddOnRequest { OnShortage = "purchase", ReturnUrl = "x" }), 400, "invalid_field", "return_url");
        await Refused(Enable(tenant, "B", new EnableAddOnRequest()), 400, "invalid_field", "addon");
        await Refused(Client.SaveAddOnSettings(new AddOnSettings { GraceDays = 31 }, stop: Stop), 400, "invalid_field", "grace_days");
        await Refused(Client.SaveAddOnSettings(new AddOnSettings { GraceDays = -1 }, stop: Stop), 400, "invalid_field", "grace_days");
        (await Client.GetAddOnSettings(Stop)).GraceDays.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_of_one_tenant_switches_that_tenants_add_ons_and_no_others()
    {
        var (tenant, _, bot) = await Workspace(100);
        var (other, _, theirs) = await Workspace(100);
        using var http = Host.NewHttp(await Host.NewKey(tenant, "purchase", "read"));
        using var client = new Client.TopupClient(http);
        (await client.EnableAddOn(tenant, bot, stop: Stop)).Status.ShouldBe("on");
        await Refused(client.EnableAddOn(other, theirs, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.GetTenantAddOns(other, Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.DryRunAddOn(new AddOnDryRunRequest { Tenant = other, Addon = theirs, Action = "enable" }, Stop), 404, "tenant_unknown", "tenant");
        using var reader = Host.NewHttp(await Host.NewKey(tenant, "read"));
        using var reading = new Client.TopupClient(reader);
        await Refused(reading.DisableAddOn(tenant, bot, stop: Stop), 403, "forbidden");
    }

    private Task<EnableAddOnReply> Enable(string tenant, string addOn, EnableAddOnRequest request) => Client.EnableAddOn(tenant, addOn, request, stop: Stop);

    private Task<AddOnDryRunReply> DryRun(string tenant, string addOn, string action) =>
        Client.DryRunAddOn(new AddOnDryRunRequest { Tenant = tenant, Addon = addOn, Action = action }, Stop);

    /// <summary>How many of the calls were done; all others were refused with the code.</summary>
    private static async Task<int> AtOnce<T>(int count, Func<Task<T>> call, string code)
    {
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            try
            {
                await call();
                Interlocked.Increment(ref done);
            }
            catch (Client.TopupException refused)
            {
                refused.Code.ShouldBe(code);
            }
        }));
        return done;
    }
}
