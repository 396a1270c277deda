using Shouldly;
using Topup.Contracts;
using Topup.Server.Tests.AddOns;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class WorkspaceWithAddOnsOnSqlite(SqliteAddOns host) : WorkspaceWithAddOnsTests(host), IClassFixture<SqliteAddOns>;

public sealed class WorkspaceWithAddOnsOnPostgres(PostgresAddOns host) : WorkspaceWithAddOnsTests(host), IClassFixture<PostgresAddOns>;

/// <summary>A workspace that buys credits, switches features on and off, runs short, and catches up: four months of it.</summary>
public abstract class WorkspaceWithAddOnsTests(HostFixture fixture) : AddOnServerTests(fixture)
{
    [Fact]
    public async Task A_workspace_pays_for_the_days_that_it_had_each_add_on_and_for_no_others()
    {
        var type = await Host.NewType(2);
        await Client.SavePack(type + "-any", new PackRequest
        {
            Type = type, Name = "Credits", Credits = 1, Price = 1, Currency = "USD", Custom = new CustomAmountTerms { MinPrice = 1, MaxPrice = 500 },
        }, stop: Stop);
        var (agent, domain) = (await NewAddOn(type), await NewAddOn(type, price: 10));
        var workspace = await Host.NewTenant(await Host.NewPlan((type, 5)));

        // The 16th of April: the plan's 5 credits and 10 that were bought pay the second half of the month.
        var short10 = await Refused(Client.EnableAddOn(workspace, agent, stop: Stop), 402, "insufficient_credits");
        short10.Problem.Extensions!["missing"].GetDecimal().ShouldBe(10);
        var waiting = await Client.EnableAddOn(workspace, agent, new EnableAddOnRequest { OnShortage = "purchase", Method = "sandbox" }, stop: Stop);
        await Pay(waiting.Purchase!);
        await Work();
        (await Shown(workspace, agent)).Status.ShouldBe("on");
        (await Left(workspace, type)).ShouldBe(0);

        // The 21st: a domain for ten days, and the same evening the workspace thinks better of it.
        Host.Clock.Set("2026-04-21T08:00:00Z");
        await Host.Grant(workspace, type, 33.33m, "transfer");
        (await Client.EnableAddOn(workspace, domain, stop: Stop)).Charge.ShouldBe(3.33m);
        Host.Clock.Set("2026-04-21T22:00:00Z");
        (await Client.DisableAddOn(workspace, domain, stop: Stop)).GivenBack.ShouldBe(3.33m);
        (await Client.GetTenantAddOns(workspace, Stop)).Pools.Single(pool => pool.Type == type).ShouldSatisfyAllConditions(
            pool => pool.UsedThisCycle.ShouldBe(15), pool => pool.NextTotal.ShouldBe(30), pool => pool.NextAvailable.ShouldBe(38.33m), pool => pool.NextCovered.ShouldBeTrue());

        // May is renewed by itself, the plan's new credits first; June is not, for there is too little, and after three days the agent stops.
        await Work("2026-05-01");
        (await Left(workspace, type)).ShouldBe(8.33m);
        await Work("2026-06-01");
        (await Shown(workspace, agent)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("grace"), shown => shown.Missing.ShouldBe(16.67m));
        await Work("2026-06-04");
        (await Shown(workspace, agent)).Status.ShouldBe("suspended");

        // On the 10th credits come: 21 of June's 30 days are charged. July is renewed after a server that was away for a week.
        Host.Clock.Set("2026-06-10T12:00:00Z");
        await Host.Grant(workspace, type, 50, "transfer");
        await Work();
        await Work("2026-07-08");
        (await Charges(workspace, agent)).ShouldBe(
            ["2026-04-16/2026-05-01 15", "2026-05-01/2026-06-01 30", "2026-06-10/2026-07-01 21", "2026-07-01/2026-08-01 30"]);
        (await Charges(workspace, domain)).ShouldBe(["2026-04-21/2026-05-01 3.33"]);
        (await News(workspace)).ShouldBe(
        [
            "addon.enabled waiting>on 15", "addon.enabled off>on 3.33", "addon.disabled on>off 3.33", "addon.renewed on>on 30",
            "addon.suspended on>grace 30", "addon.suspended grace>suspended 30", "addon.enabled suspended>on 21", "addon.renewed on>on 30",
        ]);

        // Half of July was not used: 16 of 31 days go back.
        Host.Clock.Set("2026-07-16T12:00:00Z");
        (await Client.DisableAddOn(workspace, agent, stop: Stop)).GivenBack.ShouldBe(15.48m);
        (await Left(workspace, type)).ShouldBe(17.33m + 15.48m);
    }

    private async Task Pay(PurchaseView purchase)
    {
        using var http = Host.NewHttp("");
        (await http.PostAsync(new Uri(purchase.CheckoutUrl + "/pay"), null, Stop)).EnsureSuccessStatusCode();
    }
}
