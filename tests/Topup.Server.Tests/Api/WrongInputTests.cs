using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class WrongInputOnSqlite(SqliteHost host) : WrongInputTests(host), IClassFixture<SqliteHost>;

public sealed class WrongInputOnPostgres(PostgresHost host) : WrongInputTests(host), IClassFixture<PostgresHost>;

/// <summary>Input that is wrong: 4xx problem details that name the field and the limit, and nothing changed.</summary>
public abstract class WrongInputTests(HostFixture fixture) : ServerTests(fixture)
{
    private string tenant = "";
    private string type = "";
    private string fine = "";
    private string hold = "";
    private string grant = "";
    private string used = "";
    private string pack = "";
    private string addOn = "";
    private string addOnThatIsOn = "";

    [Fact]
    public async Task Amounts_that_cannot_be_are_refused_on_every_route_that_takes_one()
    {
        await Prepare();
        (string Json, string Code, string? Field, decimal? Limit)[] amounts =
        [
            ("-1", "invalid_field", "amount", 0), ("-0.000001", "invalid_field", "amount", 0), ("1000000000000001", "invalid_field", "amount", 1e15m),
            ("79228162514264337593543950335", "invalid_field", "amount", null), ("0.5", "invalid_field", "amount", 0),
            ("1.000001", "invalid_field", "amount", 0), ("1e400", "invalid_field", "amount", null), ("1e-400", "invalid_field", "amount", null),
            ("1E999999999999", "invalid_field", "amount", null), (new string('9', 5_000), "invalid_field", "amount", null),
            ("0." + new string('3', 60), "invalid_field", "amount", null), ("\"5\"", "invalid_field", "amount", null),
            ("true", "invalid_field", "amount", null), ("[1]", "invalid_field", "amount", null), ("{}", "invalid_field", "amount", null),
            ("NaN", "malformed_json", null, null), ("Infinity", "malformed_json", null, null), ("-Infinity", "malformed_json", null, null),
            ("1.", "malformed_json", null, null), (".5", "malformed_json", null, null), ("+1", "malformed_json", null, null),
            ("0x10", "malformed_json", null, null), ("01", "malformed_json", null, null), ("1,5", "malformed_json", null, null),
        ];
        await NothingChanges(async () =>
        {
            foreach (var (path, body) in RoutesWithAmount())
            {
                foreach (var (json, code, field, limit) in amounts)
                {
                    var problem = await Refusal(await Post(path, body.Replace("AMOUNT", json, StringComparison.Ordinal)), $"{path} {json}");
                    (problem.Status, problem.Code).ShouldBe((400, code), $"{path} {json}");
                    if (field is not null) problem.Field.ShouldBe(field, $"{path} {json}");
                    if (limit is not null) problem.Limit.ShouldBe(limit, $"{path} {json}");
                }
                if (path.EndsWith("/capture", StringComparison.Ordinal)) continue;
                var zero = await Refusal(await Post(path, body.Replace("AMOUNT", "0", StringComparison.Ordinal)), path);
                (zero.Code, zero.Field, zero.Limit).ShouldBe(("invalid_field", "amount", 0m), path);
            }
            var tooFine = await Refusal(await Post("/v1/consume", Body(("tenant", tenant), ("type", fine), ("amount", 0.001m))), "too fine");
            (tooFine.Field, tooFine.Limit).ShouldBe(("amount", 2m));
        });
    }

    [Fact]
    public async Task Unknown_tenants_types_and_ids_are_not_found()
    {
        await Prepare();
        var (nobody, nothing) = ($"nobody", "nothing");
        (string Method, string Path, string Body, string Code)[] cases =
        [
            ("POST", "/v1/consume", Body(("tenant", nobody), ("type", type)), "tenant_unknown"),
            ("POST", "/v1/consume", Body(("tenant", tenant), ("type", nothing)), "type_unknown"),
            ("POST", "/v1/check", Body(("tenant", nobody), ("type", type)), "tenant_unknown"),
            ("POST", "/v1/check", Body(("tenant", tenant), ("type", nothing)), "type_unknown"),
            ("POST", "/v1/holds", Body(("tenant", nobody), ("type", type)), "tenant_unknown"),
            ("POST", "/v1/holds", Body(("tenant", tenant), ("type", nothing)), "type_unknown"),
            ("POST", "/v1/grants", Body(("tenant", nobody), ("type", type), ("amount", 1), ("source", "refund")), "tenant_unknown"),
            ("POST", "/v1/grants", Body(("tenant", tenant), ("type", nothing), ("amount", 1), ("source", "refund")), "type_unknown"),
            ("POST", "/v1/purchases", Body(("tenant", nobody), ("pack", pack), ("method", "balance")), "tenant_unknown"),
            ("POST", "/v1/purchases", Body(("tenant", tenant), ("pack", nothing), ("method", "balance")), "pack_unknown"),
            ("POST", "/v1/verify", Body(("tenant", nobody)), "tenant_unknown"),
            ("POST", "/v1/api-keys", Body(("tenant", nobody), ("name", "x"), ("scopes", new[] { "read" })), "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/pools", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/pools/{type}", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{tenant}/pools/{nothing}", "", "type_unknown"),
            ("GET", $"/v1/tenants/{nobody}/rates", "", "tenant_unknown"),
            ("POST", "/v1/dry-runs/plan-change", Body(("tenant", nobody), ("plan", null)), "tenant_unknown"),
            ("POST", "/v1/dry-runs/expiry", Body(("tenant", nobody), ("at", "2026-04-01T00:00:00Z")), "tenant_unknown"),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", nobody), ("uses", new[] { new { type } })), "tenant_unknown"),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new[] { new { type = nothing } })), "type_unknown"),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new[] { new { usage_type = nothing } })), "usage_type_unknown"),
            ("GET", $"/v1/tenants/{nobody}/entries", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/entries?format=csv", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/holds", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/grants", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/purchases", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/auto-top-ups", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{tenant}/auto-top-ups/{type}", "", "auto_top_up_unknown"),
            ("DELETE", $"/v1/tenants/{tenant}/auto-top-ups/{type}", "", "auto_top_up_unknown"),
            ("POST", $"/v1/tenants/{tenant}/auto-top-ups/{nothing}/resume", "", "auto_top_up_unknown"),
            ("GET", $"/v1/tenants/{nobody}/saved-cards", "", "tenant_unknown"),
            ("DELETE", $"/v1/tenants/{tenant}/saved-cards/{nothing}", "", "card_unknown"),
            ("GET", $"/v1/credit-types/{nothing}", "", "type_unknown"),
            ("GET", $"/v1/plans/{nothing}", "", "plan_unknown"),
            ("GET", $"/v1/packs/{nothing}", "", "pack_unknown"),
            ("GET", $"/v1/addons/{nothing}", "", "addon_unknown"),
            ("DELETE", $"/v1/addons/{nothing}", "", "addon_unknown"),
            ("GET", $"/v1/tenants/{nobody}/addons", "", "tenant_unknown"),
            ("POST", $"/v1/tenants/{nobody}/addons/{addOn}/enable", "{}", "tenant_unknown"),
            ("POST", $"/v1/tenants/{tenant}/addons/{nothing}/enable", "{}", "addon_unknown"),
            ("POST", $"/v1/tenants/{nobody}/addons/{addOn}/disable", "", "tenant_unknown"),
            ("POST", $"/v1/tenants/{tenant}/addons/{nothing}/disable", "", "addon_unknown"),
            ("POST", "/v1/dry-runs/addon", Body(("tenant", nobody), ("addon", addOn), ("action", "enable")), "tenant_unknown"),
            ("POST", "/v1/dry-runs/addon", Body(("tenant", tenant), ("addon", nothing), ("action", "enable")), "addon_unknown"),
            ("GET", $"/v1/messages/{nothing}", "", "message_unknown"),
            ("POST", $"/v1/messages/{tenant}~{new string('0', 32)}/resolve", Body(("outcome", "sent"), ("reason", "x")), "message_unknown"),
            ("GET", $"/v1/tenants/{nobody}/messages", "", "tenant_unknown"),
            ("GET", $"/v1/tenants/{nobody}/messages/stopped", "", "tenant_unknown"),
            ("POST", "/v1/messages", Body(("tenant", tenant), ("channel", nothing), ("to", "x"), ("text", "x")), "channel_unknown"),
            ("GET", $"/v1/message-drivers/{nothing}", "", "message_driver_unknown"),
            ("DELETE", $"/v1/message-drivers/{nothing}", "", "message_driver_unknown"),
            ("POST", $"/v1/message-drivers/{nothing}/test", Body(("to", "x")), "message_driver_unknown"),
            ("GET", $"/v1/rate-cards/{nothing}", "", "rate_card_unknown"),
            ("DELETE", $"/v1/rate-cards/{nothing}", "", "rate_card_unknown"),
            ("GET", $"/v1/plans/{nothing}/rates", "", "plan_unknown"),
            ("DELETE", $"/v1/credit-types/{nothing}", "", "type_unknown"),
            ("DELETE", $"/v1/plans/{nothing}", "", "plan_unknown"),
            ("DELETE", $"/v1/packs/{nothing}", "", "pack_unknown"),
            ("DELETE", "/v1/api-keys/nothing", "", "api_key_unknown"),
            ("GET", $"/v1/workflows/{nothing}", "", "workflow_unknown"),
            ("DELETE", $"/v1/workflows/{nothing}", "", "workflow_unknown"),
            ("GET", $"/v1/workflows/{nothing}/runs", "", "workflow_unknown"),
            ("POST", $"/v1/workflows/{nothing}/test", "{}", "workflow_unknown"),
            ("GET", $"/v1/workflow-runs/{nothing}", "", "workflow_run_unknown"),
            ("POST", $"/v1/workflow-runs/{nothing}/retry", "", "workflow_run_unknown"),
            ("GET", $"/v1/webhook-endpoints/{nothing}", "", "webhook_endpoint_unknown"),
            ("PUT", $"/v1/webhook-endpoints/{nothing}", Body(("url", "https://example.com/"), ("events", new[] { "*" })), "webhook_endpoint_unknown"),
            ("DELETE", $"/v1/webhook-endpoints/{nothing}", "", "webhook_endpoint_unknown"),
            ("POST", "/v1/webhook-endpoints", Body(("url", "https://example.com/"), ("events", new[] { "*" }), ("tenant", nobody)), "tenant_unknown"),
            ("GET", "/v1/nothing", "", "not_found"),
        ];
        await NothingChanges(async () =>
        {
            foreach (var (method, path, body, code) in cases)
            {
                var problem = await Refusal(await Send(method, path, body), $"{method} {path}");
                (problem.Status, problem.Code).ShouldBe((404, code), $"{method} {path} {body}");
            }
            foreach (var bad in BadIds(hold))
            {
                (await Refusal(await Send("GET", $"/v1/holds/{bad}", ""), bad)).Code.ShouldBe("hold_unknown", bad);
                (await Refusal(await Post($"/v1/holds/{bad}/capture", Body(("amount", 1))), bad)).Code.ShouldBe("hold_unknown", bad);
                (await Refusal(await Post($"/v1/holds/{bad}/release", ""), bad)).Code.ShouldBe("hold_unknown", bad);
            }
            foreach (var bad in BadIds(grant))
                (await Refusal(await Post($"/v1/grants/{bad}/void", Body(("reason", "x"))), bad)).Code.ShouldBe("grant_unknown", bad);
            foreach (var bad in BadIds(used))
                (await Refusal(await Post("/v1/reversals", Body(("entry", Uri.UnescapeDataString(bad)))), bad)).Code.ShouldBe("entry_unknown", bad);
            foreach (var bad in new[] { "x", $"{tenant}~x", $"{tenant}~{Guid.Empty}", "~", "a~b~c" })
                (await Refusal(await Send("GET", $"/v1/purchases/{bad}", ""), bad)).Code.ShouldBe("purchase_unknown", bad);
        });
    }

    [Fact]
    public async Task Fields_that_cannot_be_are_named_with_their_limit()
    {
        await Prepare();
        string Consume(string name, object? value) => Body(("tenant", tenant), ("type", type), (name, value));
        string Grant(string name, object? value) => Body(("tenant", tenant), ("type", type), ("amount", 1), ("source", "refund"), (name, value));
        string Tenant(string name, object? value) => Body(("name", "x"), ("plan", null), (name, value));
        (string Method, string Path, string Body, string Field, decimal? Limit)[] cases =
        [
            ("POST", "/v1/consume", Body(("tenant", ""), ("type", type)), "tenant", 64),
            ("POST", "/v1/consume", Body(("tenant", new string('a', 65)), ("type", type)), "tenant", 64),
            ("POST", "/v1/consume", Body(("tenant", "a b"), ("type", type)), "tenant", 64),
            ("POST", "/v1/consume", Body(("tenant", "a~b"), ("type", type)), "tenant", 64),
            ("POST", "/v1/consume", Body(("tenant", "é"), ("type", type)), "tenant", 64),
            ("POST", "/v1/consume", Body(("tenant", 5), ("type", type)), "tenant", null),
            ("POST", "/v1/consume", Body(("tenant", null), ("type", type)), "tenant", null),
            ("POST", "/v1/consume", Body(("tenant", tenant), ("type", "SMS")), "type", 64),
            ("POST", "/v1/consume", Body(("tenant", tenant), ("type", "")), "type", 64),
            ("POST", "/v1/consume", Body(("tenant", tenant), ("type", new string('a', 65))), "type", 64),
            ("POST", "/v1/consume", Consume("usage_type", new string('a', 65)), "usage_type", 64),
            ("POST", "/v1/consume", Consume("subject", new string('a', 129)), "subject", 128),
            ("POST", "/v1/consume", Consume("reference", new string('a', 129)), "reference", 128),
            ("POST", "/v1/consume", Consume("reference", "a\r\nb"), "reference", null),
            ("POST", "/v1/consume", Consume("reference", "a\0b"), "reference", null),
            ("POST", "/v1/consume", Consume("on_shortage", "CAP"), "on_shortage", null),
            ("POST", "/v1/consume", Consume("on_shortage", 1), "on_shortage", null),
            ("POST", "/v1/holds", Consume("expires_in", 0), "expires_in", 1),
            ("POST", "/v1/holds", Consume("expires_in", 2_592_001), "expires_in", 2_592_000),
            ("POST", "/v1/holds", Consume("expires_in", 1.5), "expires_in", null),
            ("POST", "/v1/holds", Consume("expires_in", 99_999_999_999), "expires_in", null),
            ("POST", "/v1/grants", Grant("priority", 101), "priority", 100),
            ("POST", "/v1/grants", Grant("priority", -1), "priority", 0),
            ("POST", "/v1/grants", Grant("expires_at", "2026-05-01"), "expires_at", null),
            ("POST", "/v1/grants", Grant("expires_at", "2026-05-01T00:00:00"), "expires_at", null),
            ("POST", "/v1/grants", Grant("expires_at", "2020-05-01T00:00:00Z"), "expires_at", null),
            ("POST", "/v1/grants", Grant("expires_at", 5), "expires_at", null),
            ("POST", "/v1/grants", Grant("reason", new string('a', 501)), "reason", 500),
            ("POST", "/v1/grants", Body(("tenant", tenant), ("type", type), ("amount", 1), ("source", "purchase")), "source", null),
            ("POST", $"/v1/grants/{grant}/void", Body(("reason", "")), "reason", 1),
            ("POST", $"/v1/grants/{grant}/void", Body(("reason", "x"), ("spent", "maybe")), "spent", null),
            ("POST", "/v1/purchases", Body(("tenant", tenant), ("pack", pack), ("method", "cash")), "method", null),
            ("POST", "/v1/purchases", Body(("tenant", tenant), ("pack", "A B"), ("method", "balance")), "pack", 64),
            ("POST", "/v1/consume/batch", Body(("items", Array.Empty<object>())), "items", 1_000),
            ("POST", "/v1/consume/batch", Body(("items", new object?[] { null })), "items[0]", null),
            ("POST", "/v1/consume/batch", Body(("items", 5)), "items", null),
            ("POST", "/v1/consume/batch", Body(("items", new[] { new { key = "", tenant, type } })), "items[0].key", 255),
            ("POST", "/v1/consume/batch", Body(("items", new[] { new { key = "é", tenant, type } })), "items[0].key", 255),
            ("POST", "/v1/api-keys", Body(("name", ""), ("scopes", new[] { "read" })), "name", 1),
            ("POST", "/v1/api-keys", Body(("name", "x"), ("scopes", Array.Empty<string>())), "scopes", 16),
            ("POST", "/v1/api-keys", Body(("name", "x"), ("scopes", new[] { "read" }), ("expires_at", "2001-01-01T00:00:00Z")), "expires_at", null),
            ("PUT", "/v1/tenants/a%20b", Tenant("name", "x"), "id", 64),
            ("PUT", "/v1/tenants/t", Tenant("name", ""), "name", 1),
            ("PUT", "/v1/tenants/t", Tenant("name", new string('a', 201)), "name", 200),
            ("PUT", "/v1/tenants/t", Tenant("renewal_day", 0), "renewal_day", 1),
            ("PUT", "/v1/tenants/t", Tenant("renewal_day", 32), "renewal_day", 31),
            ("PUT", "/v1/tenants/t", Tenant("email", "nobody"), "email", 254),
            ("PUT", "/v1/tenants/t", Tenant("phone", "0119999"), "phone", 15),
            ("PUT", "/v1/tenants/t", Tenant("locale", "klingon!"), "locale", 35),
            ("PUT", "/v1/tenants/t", Tenant("status", "gone"), "status", null),
            ("PUT", "/v1/tenants/t", Tenant("plan", "nowhere"), "plan", null),
            ("PUT", "/v1/credit-types/A", Body(("name", "x"), ("unit", "x"), ("decimals", 0)), "code", 64),
            ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 7)), "decimals", 6),
            ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("currency", "USD")), "decimals", 2),
            ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("low_percent", 100)), "low_percent", 99),
            ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("debt_limit", -1)), "debt_limit", 0),
            ("PUT", "/v1/plans/t", Body(("name", "x"), ("allowances", new Dictionary<string, object?> { [type] = -2 })), $"allowances.{type}", -1),
            ("PUT", "/v1/plans/t", Body(("name", "x"), ("allowances", new Dictionary<string, object?> { [type] = 0.5 })), $"allowances.{type}", 0),
            ("PUT", "/v1/plans/t", Body(("name", "x"), ("allowances", new Dictionary<string, object?> { ["nothing"] = 1 })), "allowances", null),
            ("PUT", "/v1/packs/t", Body(("type", type), ("name", "x"), ("price", 0), ("currency", "USD"), ("credits", 1)), "price", 0),
            ("PUT", "/v1/packs/t", Body(("type", type), ("name", "x"), ("price", 1), ("currency", "USD"), ("credits", 0)), "credits", 0),
            ("PUT", "/v1/packs/t", Body(("type", type), ("name", "x"), ("price", 1), ("currency", "XXQ"), ("credits", 1)), "currency", null),
            .. WrongCustomAmounts(),
            .. WrongRateCards(),
            ("GET", $"/v1/tenants/{tenant}/rates?amount=much", "", "amount", null),
            ("GET", $"/v1/tenants/{tenant}/rates?amount=0", "", "amount", 0),
            ("POST", "/v1/dry-runs/plan-change", Body(("tenant", tenant), ("plan", "A")), "plan", 64),
            ("POST", "/v1/dry-runs/plan-change", Body(("tenant", tenant), ("plan", "nowhere")), "plan", null),
            ("POST", "/v1/dry-runs/plan-change", Body(("tenant", tenant), ("plan", null), ("status", "gone")), "status", null),
            ("POST", "/v1/dry-runs/expiry", Body(("tenant", tenant), ("at", "2026-03-10T12:00:00Z")), "at", 10),
            ("POST", "/v1/dry-runs/expiry", Body(("tenant", tenant), ("at", "2036-03-10T12:00:00.001Z")), "at", 10),
            ("POST", "/v1/dry-runs/expiry", Body(("tenant", tenant), ("at", "9999-12-31T23:59:59Z")), "at", 10),
            ("POST", "/v1/dry-runs/expiry", Body(("tenant", tenant), ("at", "tomorrow")), "at", null),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", Array.Empty<int>())), "uses", 1),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object?[101])), "uses", 100),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object?[] { new { type }, null })), "uses[1]", null),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { type }, new { type, amount = 0 } })), "uses[1].amount", 0),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { type, amount = 0.5m } })), "uses[0].amount", 0),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { type, quantity = 1 } })), "uses[0].quantity", null),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { } })), "uses[0].type", null),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { usage_type = new string('u', 65) } })), "uses[0].usage_type", 64),
            ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new object[] { new { type } }), ("on_shortage", "CAP")), "on_shortage", null),
            ("GET", $"/v1/tenants/{tenant}/entries?limit=0", "", "limit", 1_000),
            ("GET", $"/v1/tenants/{tenant}/entries?limit=-1", "", "limit", 1_000),
            ("GET", $"/v1/tenants/{tenant}/entries?cursor=%00", "", "cursor", null),
            ("GET", $"/v1/tenants/{tenant}/entries?from=yesterday", "", "from", null),
            ("GET", $"/v1/tenants/{tenant}/entries?to=2026-01-01T00:00:00", "", "to", null),
            ("GET", $"/v1/tenants/{tenant}/entries?format=xml", "", "format", null),
            ("GET", $"/v1/tenants/{tenant}/entries?kind=theft", "", "kind", null),
            ("GET", $"/v1/tenants/{tenant}/holds?status=lost", "", "status", null),
            ("GET", $"/v1/tenants/{tenant}/holds?cursor=AAAA", "", "cursor", null),
            ("GET", $"/v1/tenants/{tenant}/grants?type=A", "", "type", 64),
            ("GET", $"/v1/tenants/{tenant}/purchases?limit=x", "", "limit", 1_000),
            ("GET", $"/v1/tenants/{tenant}/pools/{type}?at=tomorrow", "", "at", null),
            ("GET", "/v1/events?after=-1", "", "after", null),
            ("GET", "/v1/events?tenant=a%20b", "", "tenant", 64),
            ("GET", "/v1/tenants?status=lost", "", "status", null),
            ("GET", "/v1/audit?tenant=a%20b", "", "tenant", 64),
            ("POST", "/v1/webhook-endpoints", Body(("url", "https://10.0.0.1/"), ("events", new[] { "*" })), "url", null),
            ("POST", "/v1/webhook-endpoints", Body(("url", "https://example.com/"), ("events", Array.Empty<string>())), "events", 1),
            ("POST", "/v1/webhook-endpoints", Body(("url", "https://example.com/"), ("events", new string?[] { null })), "events[0]", null),
            ("POST", "/v1/webhook-endpoints", Body(("url", "https://example.com/"), ("events", new[] { "*" }), ("enabled", "yes")), "enabled", null),
            ("POST", "/v1/webhook-endpoints/x/replay", Body(("from", "yesterday")), "from", null),
        ];
        await NothingChanges(async () =>
        {
            foreach (var (method, path, body, field, limit) in cases)
            {
                var problem = await Refusal(await Send(method, path, body), $"{method} {path} {body}");
                (problem.Status, problem.Field).ShouldBe((400, field), $"{method} {path} {body} -> {problem.Detail}");
                if (limit is not null) problem.Limit.ShouldBe(limit, $"{method} {path} {body}");
            }
        });
    }

    [Fact]
    public async Task Bodies_that_are_not_what_they_should_be_are_refused_on_every_route_that_takes_one()
    {
        await Prepare();
        await NothingChanges(async () =>
        {
            foreach (var (method, path, body) in RoutesWithBody())
            {
                async Task Is(byte[] sent, int status, string code, string? field = null, string contentType = "application/json")
                {
                    var about = $"{method} {path} {Encoding.UTF8.GetString(sent.AsSpan(0, Math.Min(sent.Length, 200)))}";
                    var problem = await Refusal(await Send(method, path, sent, Host.NewName("key"), contentType), about);
                    (problem.Status, problem.Code).ShouldBe((status, code), about);
                    if (field is not null) problem.Field.ShouldBe(field, about);
                }
                var bytes = Encoding.UTF8.GetBytes(body);
                await Is([], 400, "malformed_json");
                await Is("null"u8.ToArray(), 400, "invalid_field");
                await Is("5"u8.ToArray(), 400, "invalid_field");
                await Is("[]"u8.ToArray(), 400, "invalid_field");
                await Is("{"u8.ToArray(), 400, "malformed_json");
                await Is(bytes[..^1], 400, "malformed_json");
                await Is([.. bytes, (byte)'x'], 400, "malformed_json");
                await Is(Encoding.UTF8.GetBytes(body.Insert(1, "\"colour\":1,")), 400, "unknown_field", "colour");
                await Is(Encoding.UTF8.GetBytes(body.Insert(1, $"{First(body)},")), 400, "duplicate_field");
                await Is([.. "{\"x"u8, 0xff, 0xfe, .. "\":1}"u8], 400, "malformed_json");
                await Is(Encoding.UTF8.GetBytes("{\"x\":\"\\ud800\"}"), 400, "unknown_field");
                await Is(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000)), 400, "malformed_json");
                await Is(Encoding.UTF8.GetBytes(new string('[', 100_000)), 400, "malformed_json");
                await Is(bytes, 415, "unsupported_media_type", "Content-Type", "text/plain");
                await Is(bytes, 415, "unsupported_media_type", "Content-Type", "application/x-www-form-urlencoded");
                await Is(bytes, 415, "unsupported_media_type", "Content-Type", "");
                await Is([.. bytes, .. Encoding.UTF8.GetBytes(new string(' ', 1_048_577))], 413, "body_too_large");
            }
            var items = Enumerable.Range(0, 1_001).Select(i => new { key = $"k{i}", tenant, type });
            var tooMany = await Refusal(await Post("/v1/consume/batch", Body(("items", items))), "1,001 items");
            (tooMany.Code, tooMany.Field, tooMany.Limit).ShouldBe(("invalid_field", "items", 1_000m));
        });
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_also_when_it_does_not_say_how_long_it_is()
    {
        await Prepare();
        await NothingChanges(async () =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/consume");
            message.Headers.TransferEncodingChunked = true;
            message.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("{\"tenant\":\"" + new string('a', 1_100_000) + "\"}")));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.Add("Idempotency-Key", "x");
            var problem = await Refusal(await Host.Http.SendAsync(message, Stop), "chunked");
            (problem.Status, problem.Code, problem.Limit).ShouldBe((413, "body_too_large", 1_048_576m));
        });
    }

    [Fact]
    public async Task Keys_of_writes_are_required_and_are_what_they_should_be()
    {
        await Prepare();
        await NothingChanges(async () =>
        {
            foreach (var (path, body) in KeyedRoutes())
            {
                var missing = await Refusal(await Send("POST", path, Encoding.UTF8.GetBytes(body), null), path);
                (missing.Status, missing.Code, missing.Field).ShouldBe((400, "idempotency_key_required", "Idempotency-Key"), path);
                var tooLong = await Refusal(await Send("POST", path, Encoding.UTF8.GetBytes(body), new string('k', 256)), path);
                (tooLong.Status, tooLong.Code, tooLong.Limit).ShouldBe((400, "idempotency_key_invalid", 255m), path);
                var tab = await Refusal(await Send("POST", path, Encoding.UTF8.GetBytes(body), "a\tb"), path);
                tab.Code.ShouldBe("idempotency_key_invalid", path);

            }
            var twice = await Raw($"POST /v1/consume HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestHost.BootstrapKey}\r\nIdempotency-Key: one\r\n" +
                "Idempotency-Key: two\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            twice.ShouldStartWith("HTTP/1.1 400");
        });
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_request_is_refused_on_every_route()
    {
        await Prepare();
        await Host.Consume(tenant, type, 1, "taken");
        await NothingChanges(async () =>
        {
            foreach (var (path, body) in KeyedRoutes())
            {
                var changed = path == "/v1/consume" ? body.Replace("\"amount\":1", "\"amount\":2", StringComparison.Ordinal) : body;
                var problem = await Refusal(await Send("POST", path, Encoding.UTF8.GetBytes(changed), "taken"), path);
                (problem.Status, problem.Code, problem.Field).ShouldBe((409, "idempotency_key_reused", "Idempotency-Key"), path);
            }
        });
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_refused()
    {
        foreach (var (method, path) in new[] { ("GET", "/v1/consume"), ("DELETE", "/v1/tenants/x"), ("PATCH", "/v1/packs/x"), ("PUT", "/v1/grants") })
        {
            var problem = await Refusal(await Send(method, path, ""), path);
            (problem.Status, problem.Code).ShouldBe((405, "method_not_allowed"), path);
        }
    }

    private async Task Prepare()
    {
        (type, fine) = (await Host.NewType(), await Host.NewType(decimals: 2));
        var money = await Host.NewType(2, "USD");
        tenant = await Host.NewTenant(await Host.NewPlan((type, 10), (fine, 10)));
        pack = await Host.NewPack(type, 10, 1, "USD");
        await Host.Grant(tenant, money, 10);
        grant = await Host.Grant(tenant, type, 100);
        (addOn, addOnThatIsOn) = (Host.NewName("addon"), Host.NewName("addon"));
        foreach (var code in new[] { addOn, addOnThatIsOn })
            await Client.SaveAddOn(code, new AddOnRequest { Type = type, Name = code, Price = 1 }, stop: Stop);
        await Client.EnableAddOn(tenant, addOnThatIsOn, stop: Stop);
        used = (await Host.Consume(tenant, type, 5)).Entry!;
        hold = (await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = 2 }, stop: Stop)).Hold!;
    }

    /// <summary>Every route that takes an amount, with one that has AMOUNT in its place.</summary>
    private IEnumerable<(string Path, string Body)> RoutesWithAmount()
    {
        var spend = $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":AMOUNT}""";
        yield return ("/v1/consume", spend);
        yield return ("/v1/check", spend);
        yield return ("/v1/holds", spend);
        yield return ("/v1/grants", $$"""{"tenant":"{{tenant}}","type":"{{type}}","source":"refund","amount":AMOUNT}""");
        yield return ($"/v1/holds/{hold}/capture", """{"amount":AMOUNT}""");
        yield return ($"/v1/grants/{grant}/void", """{"reason":"x","amount":AMOUNT}""");
        yield return ("/v1/reversals", $$"""{"entry":"{{used}}","amount":AMOUNT}""");
    }

    /// <summary>What a custom amount cannot be, of a pack of type at 100 credits for 1 USD.</summary>
    private IEnumerable<(string Method, string Path, string Body, string Field, decimal? Limit)> WrongCustomAmounts()
    {
        (string Json, string Field, decimal? Limit)[] wrong =
        [
            ("5", "custom", null),
            ("""{"max_price":5}""", "custom.min_price", null),
            ("""{"min_price":1}""", "custom.max_price", null),
            ("""{"min_price":0,"max_price":5}""", "custom.min_price", 0),
            ("""{"min_price":-1,"max_price":5}""", "custom.min_price", 0),
            ("""{"min_price":1.005,"max_price":5}""", "custom.min_price", 2),
            ("""{"min_price":1,"max_price":5.005}""", "custom.max_price", 2),
            ("""{"min_price":1,"max_price":1e15}""", "custom.max_price", 1e13m),
            ("""{"min_price":6,"max_price":5}""", "custom.min_price", 5),
            ("""{"min_price":1,"max_price":5,"rate":2}""", "custom.rate", null),
            ("""{"min_price":1,"max_price":5,"bonuses":[null]}""", "custom.bonuses[0]", null),
            (Bonus(1, 5, (5.01m, 10)), "custom.bonuses[0].from_price", 5),
            (Bonus(1, 5, (0.99m, 10)), "custom.bonuses[0].from_price", 1),
            (Bonus(1, 5, (2.001m, 10)), "custom.bonuses[0].from_price", 2),
            (Bonus(1, 5, (2, 0)), "custom.bonuses[0].percent", 1),
            (Bonus(1, 5, (2, 1_001)), "custom.bonuses[0].percent", 1_000),
            (Bonus(1, 5, (2, 1.5m)), "custom.bonuses[0].percent", null),
            (Bonus(1, 5, (3, 10), (3, 20)), "custom.bonuses[1].from_price", 3),
            (Bonus(1, 5, (3, 10), (2, 20)), "custom.bonuses[1].from_price", 3),
            (Bonus(1, 5, (3, 10), (4, 10)), "custom.bonuses[1].percent", 10),
            (Bonus(1, 50, [.. Enumerable.Range(1, 11).Select(i => ((decimal)i, (decimal)i))]), "custom.bonuses", 10),
        ];
        foreach (var (json, field, limit) in wrong) yield return ("PUT", "/v1/packs/t", Pack("1", "100", json), field, limit);
        yield return ("PUT", "/v1/packs/t", Pack("100", "1", """{"min_price":99.99,"max_price":500}"""), "custom.min_price", 1);
        yield return ("PUT", "/v1/packs/t", Pack("0.01", "1000", Bonus(1, 10_000_000_000, (20, 10))), "custom.max_price", 1e15m);

        string Pack(string price, string credits, string custom) =>
            $$"""{"type":"{{type}}","name":"x","price":{{price}},"currency":"USD","credits":{{credits}},"custom":{{custom}}}""";

        static string Bonus(decimal min, decimal max, params (decimal From, decimal Percent)[] bonuses) => Body(
            ("min_price", min), ("max_price", max), ("bonuses", bonuses.Select(bonus => new { from_price = bonus.From, percent = bonus.Percent })));
    }

    /// <summary>What a rate card cannot be; type has no decimals, fine has 2.</summary>
    private IEnumerable<(string Method, string Path, string Body, string Field, decimal? Limit)> WrongRateCards()
    {
        (string Rates, string Field, decimal? Limit)[] wrong =
        [
            ("5", "rates", null),
            ("[]", "rates", 1),
            ("[null]", "rates[0]", null),
            (Rate("x", type, "0.5"), "rates[0].price", 0),
            (Rate("x", fine, "0.005"), "rates[0].price", 2),
            (Rate("x", fine, "-0.01"), "rates[0].price", 0),
            (Rate("x", fine, "1e15"), "rates[0].price", 1e13m),
            (Rate("x", fine, "\"1\""), "rates[0].price", null),
            (Rate("x", "nothing", "1"), "rates[0].type", null),
            (Rate("x", "A B", "1"), "rates[0].type", 64),
            (Rate("", type, "1"), "rates[0].usage_type", 1),
            (Rate(new string('u', 65), type, "1"), "rates[0].usage_type", 64),
            (Rate("a\\nb", type, "1"), "rates[0].usage_type", null),
            (Rate("x", type, "1", $"\"name\":\"{new string('n', 101)}\""), "rates[0].name", 100),
            (Rate("x", type, "1", "\"seconds\":0"), "rates[0].seconds", 1),
            (Rate("x", type, "1", "\"seconds\":86401"), "rates[0].seconds", 86_400),
            (Rate("x", type, "1", "\"unit_cost\":-1"), "rates[0].unit_cost", 0),
            (Rate("x", type, "1", "\"unit_cost\":0.0000001"), "rates[0].unit_cost", 6),
            (Rate("x", type, "1", "\"unit_cost\":1000000.000001"), "rates[0].unit_cost", 1_000_000),
            (Rate("x", type, "1", "\"colour\":1"), "rates[0].colour", null),
            (Rate("x", type, "1", "\"dimensions\":[]"), "rates[0].dimensions", null),
            (Rate("x", type, "1", "\"dimensions\":{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\"}"), "rates[0].dimensions", 5),
            (Rate("x", type, "1", "\"dimensions\":{\"\":\"1\"}"), "rates[0].dimensions", 64),
            (Rate("x", type, "1", "\"dimensions\":{\"A\":\"1\"}"), "rates[0].dimensions", 64),
            (Rate("x", type, "1", "\"dimensions\":{\"a\":\"\"}"), "rates[0].dimensions.a", 1),
            (Rate("x", type, "1", "\"dimensions\":{\"a\":null}"), "rates[0].dimensions.a", null),
            (Rate("x", type, "1", "\"dimensions\":{\"a\":5}"), "rates[0].dimensions.a", null),
            (Rate("x", type, "1")[..^1] + "," + Rate("x", fine, "1")[1..], "rates[1]", null),
            (Rate("x", type, "1", "\"dimensions\":{\"a\":\"1\"}")[..^1] + "," + Rate("x", fine, "1", "\"dimensions\":{\"b\":\"1\"}")[1..], "rates[1]", null),
            ("[" + string.Join(',', Enumerable.Range(0, 501).Select(i => Rate($"u{i}", type, "1")[1..^1])) + "]", "rates", 500),
        ];
        foreach (var (rates, field, limit) in wrong) yield return ("PUT", "/v1/rate-cards/t", $$"""{"rates":{{rates}}}""", field, limit);
        foreach (var (more, field, limit) in new (string, string, decimal?)[]
        {
            ("\"plan\":\"nowhere\"", "plan", null), ("\"plan\":\"A\"", "plan", 64), ($"\"effective_from\":\"2001-01-01T00:00:00Z\",\"unknown\":{{\"type\":\"{fine}\",\"price\":1}}", "effective_from", null),
            ("\"effective_from\":\"2040-01-01\"", "effective_from", null), ("\"unknown\":{\"type\":\"nothing\",\"price\":1}", "unknown.type", null),
            ($"\"unknown\":{{\"type\":\"{fine}\",\"price\":0.001}}", "unknown.price", 2), ($"\"unknown\":{{\"type\":\"{fine}\"}}", "unknown.price", null),
            ($"\"unknown\":{{\"type\":\"{fine}\",\"price\":1,\"unit_cost\":-1}}", "unknown.unit_cost", 0),
        })
            yield return ("PUT", "/v1/rate-cards/t", $$"""{"rates":[],{{more}}}""", field, limit);
        yield return ("PUT", "/v1/rate-cards/A", """{"rates":[]}""", "code", 64);
        yield return ("GET", "/v1/rate-cards?plan=A", "", "plan", 64);
        yield return ("GET", "/v1/plans/t/rates?amount=much", "", "amount", null);
        yield return ("GET", "/v1/plans/t/rates?amount=0", "", "amount", 0);
        yield return ("GET", "/v1/plans/t/rates?amount=-5", "", "amount", 0);
        yield return ("GET", "/v1/plans/t/rates?amount=0.0000001", "", "amount", 6);
        yield return ("GET", "/v1/plans/t/rates?amount=1e5", "", "amount", null);
        yield return ("GET", "/v1/plans/t/rates?at=tomorrow", "", "at", null);
        yield return ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("unit_cost", -1)), "unit_cost", 0);
        yield return ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("unit_cost", 0.0000001m)), "unit_cost", 6);
        yield return ("PUT", "/v1/credit-types/t", Body(("name", "x"), ("unit", "x"), ("decimals", 0), ("unit_cost", 1_000_001)), "unit_cost", 1_000_000);

        static string Rate(string usageType, string type, string price, string? more = null) =>
            $$"""[{"usage_type":"{{usageType}}","type":"{{type}}","price":{{price}}{{(more is null ? "" : "," + more)}}}]""";
    }

    private IEnumerable<(string Path, string Body)> KeyedRoutes()
    {
        foreach (var (path, body) in RoutesWithAmount())
            if (path != "/v1/check") yield return (path, body.Replace("AMOUNT", "1", StringComparison.Ordinal));
        yield return ($"/v1/holds/{hold}/release", "{}");
        yield return ("/v1/purchases", Body(("tenant", tenant), ("pack", pack), ("method", "balance")));
        yield return ($"/v1/tenants/{tenant}/addons/{addOn}/enable", "{}");
        yield return ($"/v1/tenants/{tenant}/addons/{addOnThatIsOn}/disable", "");
    }

    private IEnumerable<(string Method, string Path, string Body)> RoutesWithBody()
    {
        foreach (var (path, body) in RoutesWithAmount()) yield return ("POST", path, body.Replace("AMOUNT", "1", StringComparison.Ordinal));
        yield return ("POST", "/v1/consume/batch", Body(("items", new[] { new { key = "k", tenant, type } })));
        yield return ("POST", "/v1/purchases", Body(("tenant", tenant), ("pack", pack), ("method", "balance")));
        yield return ("POST", "/v1/verify", Body(("tenant", tenant)));
        yield return ("POST", "/v1/api-keys", Body(("name", "x"), ("scopes", new[] { "read" })));
        yield return ("PUT", $"/v1/tenants/{tenant}", Body(("name", "x"), ("plan", null)));
        yield return ("PUT", $"/v1/credit-types/{type}", Body(("name", "x"), ("unit", "x"), ("decimals", 0)));
        yield return ("PUT", "/v1/plans/new", Body(("name", "x"), ("allowances", new Dictionary<string, object?>())));
        yield return ("PUT", $"/v1/packs/{pack}", Body(("type", type), ("name", "x"), ("price", 1), ("currency", "USD"), ("credits", 10)));
        yield return ("POST", "/v1/dry-runs/plan-change", Body(("tenant", tenant), ("plan", null)));
        yield return ("POST", "/v1/dry-runs/expiry", Body(("tenant", tenant), ("at", "2026-04-01T00:00:00Z")));
        yield return ("POST", "/v1/dry-runs/draw", Body(("tenant", tenant), ("uses", new[] { new { type } })));
        yield return ("POST", "/v1/dry-runs/addon", Body(("tenant", tenant), ("addon", addOn), ("action", "enable")));
        yield return ("POST", $"/v1/tenants/{tenant}/addons/{addOn}/enable", Body(("on_shortage", "refuse")));
        yield return ("POST", "/v1/messages", Body(("tenant", tenant), ("channel", "none"), ("to", "x"), ("text", "x")));
        yield return ("POST", "/v1/messages/batch", Body(("items", new[] { new { key = "k", tenant, channel = "none", to = "x", text = "x" } })));
        yield return ("PUT", "/v1/message-drivers/new", Body(("kind", "none"), ("channel", "none")));
        yield return ("PUT", $"/v1/addons/{addOn}", Body(("type", type), ("name", "x"), ("price", 1)));
        yield return ("POST", "/v1/webhook-endpoints", Body(("url", "https://example.com/"), ("events", new[] { "*" })));
        yield return ("PUT", "/v1/webhook-endpoints/x", Body(("url", "https://example.com/"), ("events", new[] { "*" })));
        yield return ("POST", "/v1/webhook-endpoints/x/replay", Body(("from", "2026-03-10T00:00:00Z")));
        yield return ("PUT", "/v1/rate-cards/new", Body(("plan", null), ("rates", Array.Empty<object>())));
    }

    private static IEnumerable<string> BadIds(string good) =>
    [
        "x", "~", "~~", "a~b", good + "~1", good[..^1], good + "0", $"{good[..good.LastIndexOf('~')]}~-1", $"{good[..good.LastIndexOf('~')]}~0",
        $"{good[..good.LastIndexOf('~')]}~99999999999999999999", $"{good[..good.LastIndexOf('~')]}~1e3", "..%2F..%2Fetc", new string('a', 2_000),
    ];

    /// <summary>The pools, the history and the tenant are the same before and after.</summary>
    private async Task NothingChanges(Func<Task> requests)
    {
        var before = await Everything();
        await requests();
        (await Everything()).ShouldBe(before);
    }

    private async Task<string> Everything()
    {
        var all = new StringBuilder();
        foreach (var path in new[] { "", "/pools", "/entries?limit=1000", "/holds", "/grants", "/purchases" })
            all.AppendLine(await Host.Http.GetStringAsync($"/v1/tenants/{tenant}{path}", Stop));
        foreach (var path in new[] { "credit-types", "plans", "packs", "rate-cards", "addons", "tenants", "audit" })
            all.AppendLine(await Host.Http.GetStringAsync($"/v1/{path}?limit=1000", Stop));
        return all.ToString();
    }

    private Task<HttpResponseMessage> Post(string path, string body) => Send("POST", path, body);

    private Task<HttpResponseMessage> Send(string method, string path, string body) =>
        Send(method, path, Encoding.UTF8.GetBytes(body), method == "POST" ? Host.NewName("key") : null);

    private async Task<HttpResponseMessage> Send(string method, string path, byte[] body, string? key, string contentType = "application/json")
    {
        using var message = Message(method, path, body, key, contentType);
        return await Host.Http.SendAsync(message, Stop);
    }

    private async Task<string> Raw(string request)
    {
        using var socket = new System.Net.Sockets.TcpClient(Host.Url.Host, Host.Url.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync(Stop);
    }

    private static HttpRequestMessage Message(string method, string path, byte[] body, string? key, string contentType)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT") message.Content = new ByteArrayContent(body);
        if (message.Content is not null && contentType.Length > 0) message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (key is not null) message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return message;
    }

    private static Task<Problem> Refusal(HttpResponseMessage response, string about) => ProblemReader.Read(response, about);

    private static string Body(params (string Name, object? Value)[] fields)
    {
        var members = new Dictionary<string, object?>();
        foreach (var (name, value) in fields) members[name] = value;
        return JsonSerializer.Serialize(members);
    }

    private static string First(string body) => body[1..^1].Split(',')[0] is var first && first.Contains('[', StringComparison.Ordinal) ? "\"items\":[]" : body[1..^1].Split(',')[0];
}
