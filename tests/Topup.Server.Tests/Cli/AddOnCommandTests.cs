using Shouldly;
using Xunit;

namespace Topup.Server.Tests.Cli;

public sealed class AddOnCommandTests(SqliteHost host) : CommandTests(host), IClassFixture<SqliteHost>
{
    [Fact]
    public async Task An_add_on_is_defined_enabled_looked_at_disabled_and_deleted_by_commands_only()
    {
        var type = await Host.NewType(2);
        var (tenant, plan) = (await Host.NewTenant(), await Host.NewPlan());
        await Host.Grant(tenant, type, 50);
        (await Done("addon", "save", "bot", "--name", "Bot", "--price", "31", "--type", type, "--plan", plan, "--description", "Answers.")).ShouldContain(plan);
        (await Done("addon", "save", "bot", "--name", "Bot", "--price", "31", "--type", type)).ShouldContain("31.00");
        (await Done("addon", "list")).ShouldContain("bot");
        (await Json("addon", "show", "bot")).GetProperty("price").GetDecimal().ShouldBe(31);

        (await Done("tenant", "addons", tenant)).ShouldSatisfyAllConditions(
            page => page.ShouldContain("renews on 2026-04-01, 22 of 31 days left"), page => page.ShouldContain($"{type}: 50.00 left"));
        var on = await Json("tenant", "enable-addon", tenant, "bot", "--idempotency-key", "k");
        (Text(on, "status"), on.GetProperty("charge").GetDecimal()).ShouldBe(("on", 22m));
        (await Done("tenant", "enable-addon", tenant, "bot", "--idempotency-key", "k")).ShouldContain("replayed    yes");
        var (code, _, error) = await Run("tenant", "enable-addon", tenant, "bot");
        (code, error.Contains("(addon_on)", StringComparison.Ordinal)).ShouldBe((1, true));
        (await Done("tenant", "addons", tenant)).ShouldSatisfyAllConditions(page => page.ShouldContain("2026-04-01"), page => page.ShouldContain("3.00 missing"));
        (await Done("tenant", "disable-addon", tenant, "bot")).ShouldContain("22.00");
        (await Run("tenant", "enable-addon", tenant, "bot", "--on-shortage", "cap")).Code.ShouldBe(2);
        await Done("addon", "delete", "bot");
        (await Run("addon", "show", "bot")).Code.ShouldBe(1);

        (await Done("settings", "set", "addons", "--grace-days", "7")).ShouldContain("7");
        (await Done("settings", "show", "addons")).ShouldContain("grace days  7");
        (await Run("settings", "set", "addons", "--grace-days", "31")).Code.ShouldBe(1);
    }
}
