using System.Text;
using System.Text.Json;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class FuzzOnSqlite(SqliteHost host) : FuzzTests(host), IClassFixture<SqliteHost>;

public sealed class FuzzOnPostgres(PostgresHost host) : FuzzTests(host), IClassFixture<PostgresHost>;

/// <summary>A few thousand requests, changed at random from right ones, with a seed that is printed when one fails.</summary>
public abstract class FuzzTests(HostFixture fixture) : ServerTests(fixture)
{
    private const int Seed = 20_260_310;
    private const int Requests = 2_500;

    private static readonly string[] Oddities =
    [
        "null", "true", "-1", "0", "1e400", "9223372036854775808", "-9223372036854775809", "1e-28", "99999999999999999999999999999999999", "\"\"",
        "\"\\u0000\"", "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "\"'; drop table pools; --\"", "[]", "{}", "[[[[]]]]", "{\"a\":{\"b\":{}}}", "\"2026-02-30T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00+14:00\"", "0.1000000000000000000000000001", "\"a~b~c\"", "1000000000000000", "NaN",
    ];

    [Fact]
    public async Task No_request_gives_a_server_error_and_every_reply_is_JSON()
    {
        var random = new Random(Seed);
        var (type, money) = (await Host.NewType(decimals: 2), await Host.NewType(2, "USD"));
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 1_000)));
        var pack = await Host.NewPack(type, 10, 1, "USD");
        await Host.Grant(tenant, money, 100);
        var grant = await Host.Grant(tenant, type, 100_000);
        var used = (await Host.Consume(tenant, type, 5)).Entry!;
        var hold = (await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = 2 }, stop: Stop)).Hold!;
        var addOn = Host.NewName("addon");
        await Client.SaveAddOn(addOn, new AddOnRequest { Type = type, Name = addOn, Price = 1 }, stop: Stop);
        var endpoint = (await Client.CreateWebhookEndpoint(new WebhookEndpointRequest { Url = "https://localhost/", Events = ["*"], Tenant = tenant }, stop: Stop)).Id;
        var flow = Host.NewName("flow");
        await Client.SaveWorkflow(flow, new WorkflowRequest { Name = flow, Event = "credits.low", Actions = [new WorkflowAction { Kind = "email", To = "tenant", Subject = "{amount}", Html = "{threshold}" }] }, stop: Stop);
        (string Path, string Body)[] routes =
        [
            ("/v1/consume", $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":1.5,"usage_type":"u","subject":"s","reference":"r","on_shortage":"cap"}"""),
            ("/v1/consume/batch", $$"""{"items":[{"key":"k","tenant":"{{tenant}}","type":"{{type}}","amount":1},{"key":"l","tenant":"{{tenant}}","type":"{{type}}"}]}"""),
            ("/v1/check", $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":1.5}"""),
            ("/v1/holds", $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":0.01,"expires_in":60,"on_shortage":"refuse"}"""),
            ($"/v1/holds/{hold}/capture", """{"amount":1,"reference":"r"}"""),
            ($"/v1/holds/{hold}/release", "{}"),
            ("/v1/reversals", $$"""{"entry":"{{used}}","amount":0.01,"reason":"r"}"""),
            ("/v1/grants", $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":1,"source":"import","priority":1,"effective_at":"2026-01-01T00:00:00Z","expires_at":"2027-01-01T00:00:00Z"}"""),
            ($"/v1/grants/{grant}/void", """{"amount":0.01,"reason":"r","spent":"debt"}"""),
            ("/v1/purchases", $$"""{"tenant":"{{tenant}}","pack":"{{pack}}","method":"balance","reference":"r"}"""),
            ("/v1/dry-runs/plan-change", $$"""{"tenant":"{{tenant}}","plan":null,"status":"lapsed"}"""),
            ("/v1/dry-runs/expiry", $$"""{"tenant":"{{tenant}}","at":"2026-05-01T00:00:00Z"}"""),
            ("/v1/dry-runs/draw", $$"""{"tenant":"{{tenant}}","uses":[{"type":"{{type}}","amount":0.01},{"usage_type":"u","quantity":2,"dimensions":{"a":"b"} }],"on_shortage":"cap"}"""),
            ("/v1/dry-runs/addon", $$"""{"tenant":"{{tenant}}","addon":"{{addOn}}","action":"enable"}"""),
            ($"/v1/tenants/{tenant}/addons/{addOn}/enable", """{"on_shortage":"purchase","method":"balance","return_url":"https://example.com/"}"""),
            ($"/v1/tenants/{tenant}/addons/{addOn}/disable", "{}"),
            ("/v1/messages", $$"""{"tenant":"{{tenant}}","channel":"sms","to":"+5511998765432","text":"t","subject":"s","html":"h","purpose":"campaign","reference":"r"}"""),
            ("/v1/messages/batch", $$"""{"items":[{"key":"k","tenant":"{{tenant}}","channel":"sms","to":"+5511998765432","text":"t"}]}"""),
            ("/v1/verify", $$"""{"tenant":"{{tenant}}"}"""),
            ("/v1/webhook-endpoints", $$"""{"url":"https://localhost/","events":["credits.low","plan.changed"],"description":"d","enabled":true,"tenant":"{{tenant}}","allow_private":false}"""),
            ($"/v1/webhook-endpoints/{endpoint}/replay", """{"from":"2026-03-10T00:00:00Z"}"""),
            ($"/v1/workflows/{flow}/test", $$"""{"event":{"tenant":"{{tenant}}","data":{"type":"{{type}}","amount":1.5,"threshold":{"percent":20},"remaining":{"total":1} } } }"""),
            ("/v1/api-keys", $$"""{"name":"n","scopes":["read","consume"],"tenant":"{{tenant}}","expires_at":"2027-01-01T00:00:00Z"}"""),
        ];

        var (refused, done) = (0, 0);
        for (var i = 0; i < Requests; i++)
        {
            var (path, body) = routes[i % routes.Length];
            var sent = Mutate(body, random);
            using var message = new HttpRequestMessage(HttpMethod.Post, MutatePath(path, random)) { Content = new ByteArrayContent(sent) };
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            message.Headers.TryAddWithoutValidation("Idempotency-Key", random.Next(10) == 0 ? "k" : $"fuzz-{i}");
            var response = await Host.Http.SendAsync(message, Stop);
            var about = $"seed {Seed}, request {i}: {message.RequestUri} {Encoding.UTF8.GetString(sent)}";
            if (response.IsSuccessStatusCode)
            {
                done++;
                using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));
                reply.RootElement.ValueKind.ShouldBe(JsonValueKind.Object, about);
            }
            else
            {
                refused++;
                await ProblemReader.Read(response, about);
            }
        }
        (refused > Requests / 4, done > Requests / 20).ShouldBe((true, true), $"{refused} refused, {done} done");
    }

    private static byte[] Mutate(string body, Random random)
    {
        for (var times = random.Next(3); times > 0; times--)
        {
            body = random.Next(7) switch
            {
                0 => ReplaceValue(body, random),
                1 => ReplaceValue(body, random),
                2 => body.Insert(body.IndexOf('{', StringComparison.Ordinal) + 1, $"\"{(char)random.Next('a', 'z')}\":{Pick(Oddities, random)},"),
                3 => body[..random.Next(body.Length)],
                4 => body.Remove(random.Next(body.Length), 1) is { Length: > 0 } shorter ? shorter : body,
                5 => body.Insert(random.Next(body.Length), Pick(["\"", "{", "}", "[", ",", "\\", "\0", "é", " "], random)),
                _ => body.Insert(body.IndexOf('{', StringComparison.Ordinal) + 1, body.Trim('{', '}').Split(',')[0] + ","),
            };
            if (body.Length == 0) break;
        }
        var bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0 && random.Next(5) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static string ReplaceValue(string body, Random random)
    {
        var colons = Enumerable.Range(0, body.Length).Where(at => body[at] == ':').ToList();
        if (colons.Count == 0) return body;
        var start = Pick(colons, random) + 1;
        var end = body.IndexOfAny([',', '}'], start);
        return end < 0 ? body : string.Concat(body.AsSpan(0, start), Pick(Oddities, random), body.AsSpan(end));
    }

    private static string MutatePath(string path, Random random) => random.Next(20) switch
    {
        0 => path.Replace('~', 'x'),
        1 when path.Contains('~', StringComparison.Ordinal) => path.Insert(path.LastIndexOf('~') + 1, Pick(["-", "0", "%01", "%C3%A9", "99999999999999", "%2F"], random)),
        _ => path,
    };

    private static T Pick<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
}
