using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Tests.Automation;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Cli;

public sealed class WebhookCommandTests(SqliteHooks host) : CommandTests(host), IClassFixture<SqliteHooks>
{
    [Fact]
    public async Task An_endpoint_is_made_tried_watched_changed_and_deleted_by_commands_only()
    {
        await using var receiver = await WebhookReceiver.Start();
        var tenant = await Host.NewTenant();
        var made = await Json("webhook", "create", receiver.Url, "--event", "credits.granted", "--event", "plan.changed", "--tenant", tenant, "--allow-private", "--description", "Shop");
        var (id, secret) = (Text(made, "id"), Text(made, "secret"));
        secret.ShouldStartWith("whsec_");
        (await Done("webhook", "list")).ShouldSatisfyAllConditions(page => page.ShouldContain(id), page => page.ShouldNotContain(secret));
        (await Done("webhook", "show", id)).ShouldSatisfyAllConditions(page => page.ShouldContain("credits.granted plan.changed"), page => page.ShouldContain("Shop"));
        (await Done("webhook", "test", id)).ShouldContain("thanks");

        await Host.Grant(tenant, await Host.NewType(), 1);
        await Host.Services.GetRequiredService<WebhookWorker>().Run(Stop);
        (await Done("webhook", "deliveries", id, "--status", "delivered")).ShouldContain("credits.granted");
        (await Done("webhook", "resend", id, receiver.Received[^1].Id)).ShouldContain("waiting");
        var from = TestHost.Beginning.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        (await Done("webhook", "replay", id, "--from", from)).ShouldContain("events  1");
        Text(await Json("webhook", "rotate", id), "secret").ShouldNotBe(secret);

        var updated = await Json("webhook", "update", id, "--enabled", "false", "--event", "*", "--tenant", "");
        (updated.GetProperty("enabled").GetBoolean(), Text(updated, "url"), Text(updated, "description"), updated.TryGetProperty("tenant", out _))
            .ShouldBe((false, receiver.Url, "Shop", false));
        receiver.Reply(500);
        (await Run("webhook", "test", id)).Code.ShouldBe(1);
        var (code, _, error) = await Run("webhook", "replay", id, "--from", from);
        (code, error.Contains("(webhook_endpoint_disabled)", StringComparison.Ordinal)).ShouldBe((1, true));
        await Done("webhook", "delete", id);
        (await Run("webhook", "show", id)).Code.ShouldBe(1);
    }
}
