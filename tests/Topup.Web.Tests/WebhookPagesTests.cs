using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Automation.Webhooks;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Web.Tests;

public sealed class WebhookPagesOnSqlite(SqlitePanel panel) : WebhookPagesTests(panel), IClassFixture<SqlitePanel>
{
    [Fact]
    public async Task Pages_of_webhooks_are_sound_in_every_look()
    {
        await using var receiver = await WebhookReceiver.Start();
        var endpoint = await Host.Client.CreateWebhookEndpoint(new WebhookEndpointRequest { Url = receiver.Url, Events = ["credits.granted"], AllowPrivate = true }, stop: Stop);
        await Host.Grant(await Host.NewTenant(), await Host.NewType(), 1);
        var delivery = await Delivery(endpoint.Id);
        await Panel.ShouldBeSoundInEveryLook(
            ("/admin/webhooks", "webhooks"),
            ("/admin/webhooks/~new", "webhook-new"),
            ("/admin/webhooks/" + endpoint.Id, "webhook"),
            ($"/admin/webhooks/{endpoint.Id}/deliveries", "webhook-deliveries"),
            ($"/admin/webhooks/{endpoint.Id}/deliveries/{delivery.Id}", "webhook-delivery"));
    }

    [Fact]
    public async Task Who_only_supports_sees_no_webhooks()
    {
        await using var page = await Panel.OpenAsNew(Look.Light, "support");
        (await page.Go("/admin/webhooks")).Status.ShouldBe(403);
        (await page.Go("/admin/webhooks/~new")).Status.ShouldBe(403);
    }
}

public sealed class WebhookPagesOnPostgres(PostgresPanel panel) : WebhookPagesTests(panel), IClassFixture<PostgresPanel>;

/// <summary>Webhooks as the operator's staff sees and changes them, and what the receiver gets.</summary>
public abstract class WebhookPagesTests
{
    private protected WebhookPagesTests(PanelFixture panel) => Panel = panel;

    internal PanelFixture Panel { get; }

    internal TestHost Host => Panel.Host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_is_made_pinged_given_another_secret_sent_to_again_and_deleted()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/webhooks/~new");
        await page.Page.GetByLabel("Address of the receiver").FillAsync(receiver.Url);
        await page.Page.GetByLabel("All events").UncheckAsync();
        await page.Page.GetByText("Or only these events").ClickAsync();
        await page.Page.GetByLabel("credits.granted").CheckAsync();
        await Press(page, "Save");
        (await page.Page.GetByLabel("Address of the receiver").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("credits.granted").IsCheckedAsync()).ShouldBeTrue();
        await page.Page.GetByLabel("The address may be private").CheckAsync();
        await Press(page, "Save");
        var secret = (await page.Page.Locator("#secret").TextContentAsync())!;
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "I have kept it" }).ClickAsync();
        (await page.Page.ContentAsync()).ShouldNotContain(secret);
        var endpoint = await Host.Client.GetWebhookEndpoint(new Uri(page.Page.Url).Segments[^1], Stop);
        endpoint.Events.ShouldBe(["credits.granted"]);

        await Press(page, "Send a ping");
        await page.Page.Locator("#ping-result").GetByText("The receiver took it.").WaitForAsync();
        var ping = receiver.Received.Single();
        WebhookSignature.Verify(secret, ping.Id, ping.Timestamp, ping.Signature, ping.Body, Host.Clock).ShouldBeTrue();
        await Press(page, "Make another secret");
        (await page.Page.Locator("#secret").TextContentAsync())!.ShouldSatisfyAllConditions(other => other.ShouldStartWith("whsec_"), other => other.ShouldNotBe(secret));

        receiver.Reply(500);
        await Host.Grant(await Host.NewTenant(), await Host.NewType(), 1);
        var delivery = await Delivery(endpoint.Id);
        await page.Go($"/admin/webhooks/{endpoint.Id}/deliveries?status=waiting");
        await page.Page.GetByText("answered 500").WaitForAsync();
        receiver.Answer = context => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "thanks");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "credits.granted", Exact = true }).ClickAsync();
        await page.Page.GetByText("status 500").WaitForAsync();
        await Press(page, "Send it again");
        await Run();
        (await Delivery(endpoint.Id)).Status.ShouldBe("delivered");

        await page.Go($"/admin/webhooks/{endpoint.Id}/deliveries");
        await page.Page.Locator("[name=from]").FillAsync("2020-01-01T00:00");
        await Press(page, "Send them again");
        (await page.Page.Locator("[name=from]").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.Locator("[name=from]").FillAsync(Host.Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await Press(page, "Send them again");
        await page.Page.GetByText("is sent again").Or(page.Page.GetByText("are sent again")).WaitForAsync();
        var before = receiver.Received.Count(webhook => webhook.Id == delivery.Id);
        await Run();
        receiver.Received.Count(webhook => webhook.Id == delivery.Id).ShouldBeGreaterThanOrEqualTo(before);

        await page.Go("/admin/webhooks?event=credits.granted");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch off " + receiver.Url }).ClickAsync();
        (await Host.Client.GetWebhookEndpoint(endpoint.Id, Stop)).ShouldSatisfyAllConditions(seen => seen.Enabled.ShouldBeFalse(), seen => seen.Events.ShouldBe(["credits.granted"]));
        await page.Go("/admin/webhooks?event=plan.changed");
        (await page.Page.GetByText(receiver.Url).CountAsync()).ShouldBe(0);
        await page.Go("/admin/webhooks/" + endpoint.Id);
        await Press(page, "Delete");
        (await page.Go("/admin/webhooks/" + endpoint.Id)).Status.ShouldBe(404);
        (await Should.ThrowAsync<TopupException>(Host.Client.GetWebhookEndpoint(endpoint.Id, Stop))).Status.ShouldBe(404);
    }

    /// <summary>The newest, once it was tried.</summary>
    private protected async Task<WebhookDeliveryView> Delivery(string endpoint)
    {
        for (var i = 0; i < 400; i++)
        {
            await Run();
            if ((await Host.Client.ListWebhookDeliveriesPage(endpoint, stop: Stop)).Data is [{ Attempts: > 0 } newest, ..]) return newest;
            await Task.Delay(25, Stop);
        }
        throw new InvalidOperationException("Nothing was sent.");
    }

    private protected Task Run() => Host.Services.GetRequiredService<WebhookWorker>().Run(CancellationToken.None);

    private protected static Task Press(PageUnderTest page, string button) =>
        page.Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
}
