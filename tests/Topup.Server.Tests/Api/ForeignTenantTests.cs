using System.Text;
using System.Text.Json;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class ForeignTenantOnSqlite(SqliteHost host) : ForeignTenantTests(host), IClassFixture<SqliteHost>;

public sealed class ForeignTenantOnPostgres(PostgresHost host) : ForeignTenantTests(host), IClassFixture<PostgresHost>;

public abstract class ForeignTenantTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_key_of_one_tenant_learns_nothing_of_another_and_changes_nothing_of_it()
    {
        var (type, money) = (await Host.NewType(), await Host.NewType(2, "USD"));
        var pack = await Host.NewPack(type, 10, 1, "USD");
        var plan = await Host.NewPlan((type, 10));
        var (own, foreign) = (await Host.NewTenant(plan), await Host.NewTenant(plan));
        await Host.Grant(foreign, money, 10);
        var grant = await Host.Grant(foreign, type, 10);
        var used = (await Host.Consume(foreign, type, 11)).Entry!;
        var hold = (await Client.PlaceHold(new HoldRequest { Tenant = foreign, Type = type }, stop: Stop)).Hold!;
        var bought = await Client.StartPurchase(new PurchaseRequest { Tenant = foreign, Pack = pack, Method = "balance" }, stop: Stop);
        var addOn = Host.NewName("addon");
        await Client.SaveAddOn(addOn, new AddOnRequest { Type = type, Name = addOn, Price = 1 }, stop: Stop);
        await Client.EnableAddOn(foreign, addOn, stop: Stop);
        var foreignKey = await Client.CreateApiKey(new ApiKeyRequest { Name = "canary", Scopes = ["read"], Tenant = foreign }, stop: Stop);
        using var http = Host.NewHttp(await Host.NewKey(own, "consume", "grant", "purchase", "read", "tenants", "keys", "limits"));
        var (channel, driver) = (Host.NewName("channel"), Host.NewName("driver"));
        await Client.SaveCreditType(Host.NewName("type"), new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, Channel = channel }, stop: Stop);
        await Client.SaveMessageDriver(driver, new MessageDriverRequest { Kind = "log", Channel = channel }, stop: Stop);
        var sent = (await Client.SendMessage(new MessageRequest { Tenant = foreign, Channel = channel, To = "canary-to", Text = "x" }, stop: Stop)).Message.Id;
        while ((await Client.GetMessage(sent, Stop)).Status is "queued" or "sending") await Task.Delay(10, Stop);
        var before = await Everything(foreign);

        (string Method, string Path, object? Body, string Code)[] cases =
        [
            ("POST", "/v1/consume", new { tenant = foreign, type }, "tenant_unknown"),
            ("POST", "/v1/check", new { tenant = foreign, type }, "tenant_unknown"),
            ("POST", "/v1/holds", new { tenant = foreign, type }, "tenant_unknown"),
            ("GET", $"/v1/holds/{hold}", null, "hold_unknown"),
            ("POST", $"/v1/holds/{hold}/capture", new { amount = 1 }, "hold_unknown"),
            ("POST", $"/v1/holds/{hold}/release", new { }, "hold_unknown"),
            ("POST", "/v1/reversals", new { entry = used }, "entry_unknown"),
            ("POST", "/v1/grants", new { tenant = foreign, type, amount = 1, source = "refund" }, "tenant_unknown"),
            ("POST", $"/v1/grants/{grant}/void", new { reason = "x" }, "grant_unknown"),
            ("POST", "/v1/purchases", new { tenant = foreign, pack, method = "balance" }, "tenant_unknown"),
            ("GET", $"/v1/purchases/{bought.Id}", null, "purchase_unknown"),
            ("GET", $"/v1/tenants/{foreign}", null, "tenant_unknown"),
            ("PUT", $"/v1/tenants/{foreign}", new { name = "mine", plan = (string?)null }, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/pools", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/pools/{type}", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/pools/{type}?at=2026-03-10T00:00:00Z", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/rates", null, "tenant_unknown"),
            ("POST", "/v1/dry-runs/plan-change", new { tenant = foreign, plan }, "tenant_unknown"),
            ("POST", "/v1/dry-runs/expiry", new { tenant = foreign, at = "2026-04-01T00:00:00Z" }, "tenant_unknown"),
            ("POST", "/v1/dry-runs/draw", new { tenant = foreign, uses = new[] { new { type } } }, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/entries", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/entries?format=csv", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/holds", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/grants", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/purchases", null, "tenant_unknown"),
            ("PUT", $"/v1/tenants/{foreign}/auto-top-ups/{type}", new { threshold = 1, pack, method = "balance", monthly_cap = 9, consent = new { by = "x", words = "x" } }, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/auto-top-ups", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/auto-top-ups/{type}", null, "tenant_unknown"),
            ("DELETE", $"/v1/tenants/{foreign}/auto-top-ups/{type}", null, "tenant_unknown"),
            ("POST", $"/v1/tenants/{foreign}/auto-top-ups/{type}/resume", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/saved-cards", null, "tenant_unknown"),
            ("DELETE", $"/v1/tenants/{foreign}/saved-cards/stripe", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/addons", null, "tenant_unknown"),
            ("POST", $"/v1/tenants/{foreign}/addons/{addOn}/enable", new { }, "tenant_unknown"),
            ("POST", $"/v1/tenants/{foreign}/addons/{addOn}/disable", null, "tenant_unknown"),
            ("POST", "/v1/dry-runs/addon", new { tenant = foreign, addon = addOn, action = "disable" }, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/usage", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/usage?format=csv", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/usage/peaks?type={type}", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/forecast", null, "tenant_unknown"),
            ("PUT", $"/v1/tenants/{foreign}/alerts/{type}", new { low_percent = new[] { 50 } }, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/alerts", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/alerts/{type}", null, "tenant_unknown"),
            ("DELETE", $"/v1/tenants/{foreign}/alerts/{type}", null, "tenant_unknown"),
            ("POST", "/v1/messages", new { tenant = foreign, channel, to = "x", text = "x" }, "tenant_unknown"),
            ("GET", $"/v1/messages/{sent}", null, "message_unknown"),
            ("GET", $"/v1/tenants/{foreign}/messages", null, "tenant_unknown"),
            ("GET", $"/v1/tenants/{foreign}/messages/stopped", null, "tenant_unknown"),
            ("GET", $"/v1/events?tenant={foreign}", null, "tenant_unknown"),
            ("GET", $"/v1/audit?tenant={foreign}", null, "tenant_unknown"),
            ("POST", "/v1/verify", new { tenant = foreign }, "tenant_unknown"),
            ("GET", "/v1/verify", null, "not_found"),
            ("POST", "/v1/api-keys", new { name = "x", scopes = new[] { "read" }, tenant = foreign }, "tenant_unknown"),
            ("DELETE", $"/v1/api-keys/{foreignKey.Id}", null, "api_key_unknown"),
            ("POST", "/v1/portal-sessions", new { tenant = foreign, scopes = new[] { "view" } }, "tenant_unknown"),
        ];
        foreach (var (method, path, body, code) in cases)
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), path);
            message.Headers.Add("Idempotency-Key", Host.NewName("key"));
            if (body is not null) message.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            var problem = await ProblemReader.Read(await http.SendAsync(message, Stop), $"{method} {path}");
            (problem.Status, problem.Code).ShouldBe((404, code), $"{method} {path}");
        }
        using var client = new TopupClient(http);
        var batch = await client.ConsumeBatch(new ConsumeBatchRequest { Items = [new ConsumeItem { Key = "k", Tenant = foreign, Type = type }] }, Stop);
        batch.Items.Single().Problem!.Code.ShouldBe("tenant_unknown");

        foreach (var path in new[] { "/v1/tenants", "/v1/api-keys", "/v1/audit", "/v1/events", $"/v1/tenants/{own}/pools" })
            (await http.GetStringAsync(path, Stop)).ShouldNotContain(foreign, Case.Sensitive, path);
        foreach (var (method, path) in new[] { ("GET", "/v1/staff"), ("POST", "/v1/staff"), ("PUT", "/v1/staff/x"), ("POST", "/v1/staff/x/reset-link"), ("GET", "/v1/settings/portal"), ("PUT", "/v1/packs/x"), ("PUT", "/v1/plans/x"), ("PUT", "/v1/credit-types/x"), ("PUT", "/v1/rate-cards/x"), ("PUT", "/v1/addons/x"), ("PUT", "/v1/message-drivers/x"), ("GET", "/v1/message-drivers"), ("POST", $"/v1/message-drivers/{driver}/test"),
            ("POST", $"/v1/messages/{sent}/resolve"), ("DELETE", $"/v1/packs/{pack}"), ("GET", "/v1/webhook-endpoints"), ("GET", "/v1/workflows"), ("PUT", "/v1/workflows/x"), ("POST", "/v1/workflows/x/test"),
            ("GET", "/v1/workflows/x/runs"), ("POST", "/v1/workflow-runs/x/retry"), ("GET", "/v1/workflow-presets"), ("PUT", "/v1/settings/operator"), ("PUT", "/v1/webhook-endpoints/x"),
            ("POST", "/v1/webhook-endpoints"), ("GET", "/v1/webhook-endpoints/x/deliveries"), ("POST", "/v1/webhook-endpoints/x/replay"), ("POST", "/v1/webhook-endpoints/x/rotate"),
            ("POST", "/v1/imports?kind=tenants"), ("GET", "/v1/imports"), ("GET", "/v1/imports/x"), ("GET", "/v1/imports/x/failures.csv"), ("POST", "/v1/imports/x/cancel") })
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), path);
            (await ProblemReader.Read(await http.SendAsync(message, Stop), path)).Status.ShouldBe(403, path);
        }
        (await Everything(foreign)).ShouldBe(before);
    }

    private async Task<string> Everything(string tenant)
    {
        var all = new StringBuilder();
        foreach (var path in new[] { "", "/pools", "/entries", "/holds", "/grants", "/purchases", "/auto-top-ups", "/saved-cards", "/addons", "/messages" })
            all.AppendLine(await Host.Http.GetStringAsync($"/v1/tenants/{tenant}{path}", Stop));
        foreach (var path in new[] { "/v1/packs", "/v1/api-keys", $"/v1/events?tenant={tenant}" })
            all.AppendLine(await Host.Http.GetStringAsync(path, Stop));
        return all.ToString();
    }
}
