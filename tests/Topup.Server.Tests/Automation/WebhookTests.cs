using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Automation.Webhooks;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Automation;

public sealed class WebhooksOnSqlite(SqliteHooks host) : WebhookTests(host), IClassFixture<SqliteHooks>;

public sealed class WebhooksOnPostgres(PostgresHooks host) : WebhookTests(host), IClassFixture<PostgresHooks>
{
    [Fact]
    public async Task Two_servers_on_one_database_send_each_event_once()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await using var other = await Fixture.NewHost("--Topup:Database=" + Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"]);
        var events = new List<string>();
        for (var i = 0; i < 30; i++) events.Add(await hook.Tell());

        await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(_ => new[] { hook.Run(), hook.Run(other) }));
        await hook.Run();

        hook.Ids.ShouldBe(events);
    }

    [Fact]
    public async Task A_server_that_cannot_read_the_secret_sends_nothing_and_says_so()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await using var other = await Fixture.NewHost("--Topup:Database=" + Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"],
            "--Topup:SecretKey=" + Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]));
        var id = await hook.Tell();
        await hook.Run(other);
        ((await hook.Delivery(id)).LastError, hook.Ids.Count).ShouldBe(("secret_unreadable", 0));
        await hook.Run(TimeSpan.FromSeconds(6));
        hook.Ids.ShouldBe([id]);
    }
}

public sealed class SqliteHooks() : HostFixture(isPostgres: false, WebhookTests.Settings);

public sealed class PostgresHooks() : HostFixture(isPostgres: true, WebhookTests.Settings);

public abstract class WebhookTests(HostFixture fixture) : ServerTests(fixture)
{
    public static readonly string[] Settings =
    [
        "--Topup:WebhookEverySeconds=86400", "--Topup:WebhookTimeoutSeconds=3", "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]),
    ];

    [Fact]
    public async Task An_event_is_sent_signed_with_what_the_log_of_events_says_of_it()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var id = await hook.Tell();
        await hook.Run(TimeSpan.FromSeconds(90));

        var got = hook.Receiver.Received.ShouldHaveSingleItem();
        hook.IsTrue(got).ShouldBeTrue();
        (got.Id, got.Timestamp, got.Path).ShouldBe((id, Host.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "/hook"));
        (got.Headers["content-type"], got.Headers["user-agent"]).ShouldBe(("application/json", "Topup-Webhooks/1"));
        got.Headers.Keys.ShouldNotContain("traceparent");
        var (said, logged) = (HookUnderTest.Read(got), (await Host.Events(hook.Tenant)).Single(one => one.Id == id));
        (said.Type, said.Id, said.Timestamp, said.Position, said.Tenant).ShouldBe((logged.Type, logged.Id, logged.At, logged.Position, logged.Tenant));
        said.Data.GetRawText().ShouldBe(logged.Data.GetRawText());
        var delivery = await hook.Delivery(id);
        (delivery.Status, delivery.Attempts, delivery.LastStatus, delivery.Reply, delivery.NextAttemptAt, delivery.LastAttemptAt)
            .ShouldBe(("delivered", 1, 200, "thanks", null, Host.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task What_is_sent_is_true_for_the_library_of_the_Standard_Webhooks_project()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await hook.Tell();
        await hook.Run();
        using var oracle = new WebhookOracle();
        var got = hook.Receiver.Received.Single();
        var time = long.Parse(got.Timestamp, CultureInfo.InvariantCulture);
        oracle.Accepts(hook.Secret, got.Id, time, got.Signature, got.Body, time).ShouldBeTrue();
        oracle.Sign(hook.Secret, got.Id, time, got.Body).ShouldBe(got.Signature);
    }

    [Fact]
    public async Task Events_are_sent_in_their_order_and_each_once()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var events = new List<string>();
        for (var i = 0; i < 120; i++) events.Add(await hook.Tell());
        await hook.Run();
        await hook.Run(TimeSpan.FromDays(1));
        hook.Ids.ShouldBe(events);
    }

    [Fact]
    public async Task An_endpoint_gets_the_events_it_names_of_the_tenant_it_names_and_all_of_all_when_it_says_so()
    {
        await using var hook = await HookUnderTest.Open(Host, "plan.changed", "tenant.created");
        await using var everything = await HookUnderTest.Open(Host, EventTypes.Any);
        await everything.Save(HookUnderTest.Request(everything.Receiver.Url, null, EventTypes.Any));
        var granted = await hook.Tell();
        await Host.SaveTenant(hook.Tenant, await Host.NewPlan());
        var stranger = await Host.NewTenant();
        await hook.Run();

        HookUnderTest.Read(hook.Receiver.Received.ShouldHaveSingleItem()).Type.ShouldBe("plan.changed");
        everything.Ids.ShouldContain(granted);
        everything.Receiver.Received.Select(got => HookUnderTest.Read(got)).ShouldContain(got => got.Tenant == stranger && got.Type == "tenant.created");
    }

    [Fact]
    public async Task Events_of_before_an_endpoint_was_made_and_of_while_it_was_disabled_are_left_to_a_replay()
    {
        await using var early = await HookUnderTest.Open(Host);
        var before = await early.Tell();
        var late = await Client.CreateWebhookEndpoint(HookUnderTest.Request(early.Receiver.Url + "/late", early.Tenant, "credits.granted"), stop: Stop);
        await early.Enable(false);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var meanwhile = await early.Tell();
        await early.Run();
        await early.Enable(true);
        var after = await early.Tell();
        await early.Run();
        string[] Got(string path) => [.. early.Receiver.Received.Where(got => got.Path == path).Select(got => got.Id)];

        Got("/hook").ShouldBe([after]);
        Got("/hook/late").ShouldBe([meanwhile, after]);

        (await Client.ReplayWebhookEvents(early.Id, new WebhookReplayRequest { From = Host.Clock.GetUtcNow().AddSeconds(-59) }, stop: Stop)).Events.ShouldBe(2);
        await early.Run();
        Got("/hook").ShouldBe([after, meanwhile, after], "the last minute only, and again what was sent already");
        (await Client.ReplayWebhookEvents(late.Id, new WebhookReplayRequest { From = Host.Clock.GetUtcNow().AddMinutes(-2) }, stop: Stop)).Events.ShouldBe(3);
        await early.Run();
        Got("/hook/late").ShouldBe([meanwhile, after, before, meanwhile, after]);
        (await early.Delivery(after)).Attempts.ShouldBe(2);
        await Client.DeleteWebhookEndpoint(late.Id, stop: Stop);
    }

    [Fact]
    public async Task What_fails_is_tried_ten_times_over_three_days_with_the_same_id_and_then_given_up_until_it_is_resent()
    {
        await using var hook = await HookUnderTest.Open(Host);
        hook.Receiver.Reply(500);
        var id = await hook.Tell();
        await hook.Run();
        await hook.Run(TimeSpan.FromSeconds(4));
        hook.Ids.ShouldBe([id], "not before five seconds");
        await hook.Run(TimeSpan.FromSeconds(2));
        hook.Ids.ShouldBe([id, id]);
        await hook.Run(TimeSpan.FromMinutes(4));
        hook.Ids.Count.ShouldBe(2);
        var waiting = await hook.Delivery(id);
        (waiting.Status, waiting.LastStatus, waiting.Reply).ShouldBe(("waiting", 500, "status 500"));
        (waiting.NextAttemptAt - Host.Clock.GetUtcNow())!.Value.ShouldBeInRange(TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(95));
        for (var hour = 0; hour < 90; hour++) await hook.Run(TimeSpan.FromHours(1));

        hook.Ids.Count.ShouldBe(10);
        var failed = await hook.Delivery(id);
        (failed.Status, failed.Attempts, failed.NextAttemptAt).ShouldBe(("failed", 10, null));
        hook.Receiver.Received.Select(got => got.Timestamp).Distinct().Count().ShouldBe(10, "each attempt has its own time");
        hook.Receiver.Received.Select(got => Encoding.UTF8.GetString(got.Body)).Distinct().Count().ShouldBe(1);
        (await hook.See()).FailingSince.ShouldNotBeNull();

        hook.Receiver.Reply(204);
        (await Client.ResendWebhookDelivery(hook.Id, id, stop: Stop)).Status.ShouldBe("waiting");
        await hook.Run();
        var done = await hook.Delivery(id);
        (done.Status, done.Attempts, done.LastStatus, done.Reply, (await hook.See()).FailingSince).ShouldBe(("delivered", 11, 204, null, null));
    }

    [Fact]
    public async Task A_receiver_that_is_down_is_asked_once_and_gets_everything_in_order_when_it_is_back()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var events = new List<string>();
        for (var i = 0; i < 5; i++) events.Add(await hook.Tell());
        hook.Receiver.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await hook.Run();
        hook.Ids.ShouldBe([events[0]], "the others wait, too");
        (await hook.Delivery(events[0])).LastError.ShouldBe("connection_failed");

        hook.Receiver.Reply(200);
        await hook.Run(TimeSpan.FromSeconds(6));
        hook.Ids.ShouldBe([events[0], .. events]);
    }

    [Theory]
    [InlineData("3600", 3_600)]
    [InlineData("Tue, 10 Mar 2026 14:00:00 GMT", 7_200)]
    [InlineData("999999999", 86_400)]
    public async Task Retry_After_is_waited_for_up_to_a_day_by_all_events_of_the_endpoint(string retryAfter, int seconds)
    {
        await using var hook = await HookUnderTest.Open(Host);
        hook.Receiver.Reply(429, retryAfter);
        var first = await hook.Tell();
        await hook.Run();
        (await hook.Delivery(first)).NextAttemptAt.ShouldBe(TestHost.Beginning.AddSeconds(seconds));
        var second = await hook.Tell();
        await hook.Run(TimeSpan.FromSeconds(seconds - 1));
        hook.Ids.ShouldBe([first]);
        hook.Receiver.Reply(200);
        await hook.Run(TimeSpan.FromSeconds(1));
        hook.Ids.ShouldBe([first, first, second]);
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_is_told_to_everybody_but_itself()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await using var watcher = await HookUnderTest.Open(Host);
        await watcher.Save(HookUnderTest.Request(watcher.Receiver.Url, null, "webhook.disabled"));
        await hook.Save(HookUnderTest.Request(hook.Receiver.Url, null, EventTypes.Any));
        await hook.Run();
        var position = (await All(Client.ListEvents(stop: Stop)))[^1].Position;
        var before = hook.Ids.Count;
        hook.Receiver.Reply(410);
        var (first, second) = (await hook.Tell(), await hook.Tell());
        await hook.Run();

        hook.Ids[before..].ShouldBe([first]);
        var disabled = await hook.See();
        (disabled.Enabled, disabled.DisabledReason).ShouldBe((false, "gone"));
        var told = (await All(Client.ListEvents(after: position, type: "webhook.disabled", stop: Stop))).ShouldHaveSingleItem();
        (told.Tenant, told.Data.GetProperty("endpoint").GetString(), told.Data.GetProperty("reason").GetString(), told.Data.GetProperty("last_status").GetInt32())
            .ShouldBe(("", hook.Id, "gone", 410));
        watcher.Ids.ShouldBe([told.Id]);
        await Refused(Client.ResendWebhookDelivery(hook.Id, first, stop: Stop), 409, "webhook_endpoint_disabled");
        await Refused(Client.ReplayWebhookEvents(hook.Id, new WebhookReplayRequest { From = TestHost.Beginning }, stop: Stop), 409, "webhook_endpoint_disabled");
        (await All(Client.ListAudit(stop: Stop))).ShouldContain(change => change.Action == "webhook_endpoint.disabled" && change.Target == hook.Id && change.Actor == "server");

        hook.Receiver.Reply(200);
        var enabled = await hook.Save(HookUnderTest.Request(hook.Receiver.Url, null, EventTypes.Any));
        (enabled.Enabled, enabled.DisabledReason, enabled.FailingSince).ShouldBe((true, null, null));
        await Client.ReplayWebhookEvents(hook.Id, new WebhookReplayRequest { From = TestHost.Beginning }, stop: Stop);
        await hook.Run();
        hook.Ids.ShouldContain(second);
        hook.Ids.ShouldNotContain(told.Id);
    }

    [Fact]
    public async Task Five_days_of_nothing_but_failures_disable_the_endpoint_and_one_success_before_does_not()
    {
        await using var hook = await HookUnderTest.Open(Host);
        hook.Receiver.Reply(503);
        await hook.Tell();
        await hook.Run();
        hook.Receiver.Reply(200);
        await hook.Run(TimeSpan.FromDays(4));
        hook.Receiver.Reply(503);
        await hook.Tell();
        await hook.Run();
        await hook.Run(TimeSpan.FromDays(4.9));
        (await hook.See()).Enabled.ShouldBeTrue();
        await hook.Run(TimeSpan.FromDays(1));
        var ended = await hook.See();
        (ended.Enabled, ended.DisabledReason, ended.FailingSince).ShouldBe((false, "failing", TestHost.Beginning.AddDays(4)));
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_day_and_then_the_new_one_alone()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var rotated = await Client.RotateWebhookSecret(hook.Id, "leaked", Stop);
        (rotated.Secret, rotated.OldSecretUntil).ShouldSatisfyAllConditions(
            both => both.Secret.ShouldNotBe(hook.Secret), both => both.OldSecretUntil.ShouldBe(Host.Clock.GetUtcNow().AddHours(24)));
        await hook.Tell();
        await hook.Run(TimeSpan.FromHours(23));
        var got = hook.Receiver.Received.Single();
        (hook.IsTrue(got), hook.IsTrue(got, rotated.Secret), got.Signature.Split(' ').Length).ShouldBe((true, true, 2));
        using (var oracle = new WebhookOracle())
        {
            var time = long.Parse(got.Timestamp, CultureInfo.InvariantCulture);
            foreach (var secret in new[] { hook.Secret, rotated.Secret! }) oracle.Accepts(secret, got.Id, time, got.Signature, got.Body, time).ShouldBeTrue();
        }

        await hook.Tell();
        await hook.Run(TimeSpan.FromHours(1));
        var later = hook.Receiver.Received[^1];
        (hook.IsTrue(later), hook.IsTrue(later, rotated.Secret)).ShouldBe((false, true));
        (await hook.See()).OldSecretUntil.ShouldBeNull();
    }

    [Fact]
    public async Task No_connection_is_made_to_a_private_address_whatever_name_leads_there()
    {
        using var sentinel = Sentinel.Start();
        await using var hook = await HookUnderTest.Open(Host);
        await hook.Save(new WebhookEndpointRequest { Url = $"https://localhost:{sentinel.Port}/", Events = ["credits.granted"], Tenant = hook.Tenant });
        var id = await hook.Tell();
        await hook.Run();

        var delivery = await hook.Delivery(id);
        (delivery.Status, delivery.LastError, delivery.LastStatus, sentinel.Connections).ShouldBe(("waiting", "address_not_public", null, 0));
        var ping = await Client.TestWebhookEndpoint(hook.Id, Stop);
        (ping.Delivered, ping.Error, sentinel.Connections).ShouldBe((false, "address_not_public", 0));

        await hook.Save(new WebhookEndpointRequest { Url = $"https://localhost:{sentinel.Port}/", Events = ["credits.granted"], Tenant = hook.Tenant, AllowPrivate = true });
        await Client.TestWebhookEndpoint(hook.Id, Stop);
        sentinel.Connections.ShouldBeGreaterThan(0, "with leave it is reached");
    }

    [Fact]
    public async Task A_name_that_answers_differently_the_second_time_leads_nowhere_else()
    {
        using var sentinel = Sentinel.Start();
        var answers = new ConcurrentQueue<string>(["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "64:ff9b::7f00:1"]);
        using var http = new OutgoingHttp((_, _) => Task.FromResult(answers.TryDequeue(out var next) ? [IPAddress.Parse(next)] : Array.Empty<IPAddress>()));
        for (var left = answers.Count; left >= 0; left--)
        {
            var refused = await Should.ThrowAsync<HttpRequestException>(http.For(allowPrivate: false).GetAsync($"http://rebound.example:{sentinel.Port}/", Stop));
            refused.InnerException.ShouldBeOfType<AddressRefusedException>();
        }
        sentinel.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a00:1]/")]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://10.0.0.1:8443/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    public async Task An_address_that_is_not_public_is_refused_however_it_is_spelled(string url) =>
        await Refused(Client.CreateWebhookEndpoint(new WebhookEndpointRequest { Url = url, Events = ["*"] }, stop: Stop), 400, "invalid_field", "url");

    [Theory]
    [InlineData("", "url", null)]
    [InlineData("nowhere", "url", null)]
    [InlineData("/hook", "url", null)]
    [InlineData("ftp://example.com/", "url", null)]
    [InlineData("http://example.com/", "url", null)]
    [InlineData("https://", "url", null)]
    [InlineData("https://user@example.com/", "url", null)]
    [InlineData("https://user:word@example.com/", "url", null)]
    [InlineData("https://example.com/#there", "url", null)]
    [InlineData("https://example.com/a b", "url", null)]
    [InlineData("https://example.com/\r\nHost: x", "url", null)]
    [InlineData("https://exämple.com/", "url", null)]
    [InlineData("LONG", "url", 1000)]
    [InlineData("https://example.com/", "events", 1, "")]
    [InlineData("https://example.com/", "events[0]", null, "credits.lost")]
    [InlineData("https://example.com/", "events[1]", null, "credits.low CREDITS.LOW")]
    [InlineData("https://example.com/", "events[0]", null, "webhook.ping")]
    [InlineData("https://example.com/", "events", null, "* credits.low")]
    public async Task Fields_that_cannot_be_are_named(string url, string field, int? limit, string events = "*")
    {
        var request = new WebhookEndpointRequest
        {
            Url = url == "LONG" ? "https://example.com/" + new string('x', 981) : url, Events = events.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        (await Refused(Client.CreateWebhookEndpoint(request, stop: Stop), 400, "invalid_field", field)).Limit.ShouldBe(limit);
    }

    [Fact]
    public async Task Wrong_requests_about_an_endpoint_are_refused_by_name()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var (right, now) = (HookUnderTest.Request("https://example.com/", null, "*"), Host.Clock.GetUtcNow());
        (await Refused(Client.CreateWebhookEndpoint(right with { Events = [.. Enumerable.Repeat("credits.low", 51)] }, stop: Stop), 400, "invalid_field", "events")).Limit.ShouldBe(50);
        (await Refused(Client.CreateWebhookEndpoint(right with { Description = new string('x', 201) }, stop: Stop), 400, "invalid_field", "description")).Limit.ShouldBe(200);
        await Refused(Client.CreateWebhookEndpoint(right with { Tenant = "a b" }, stop: Stop), 400, "invalid_field", "tenant");
        await Refused(Client.CreateWebhookEndpoint(right with { Tenant = "nobody" }, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.SaveWebhookEndpoint(hook.Id, right with { Tenant = "nobody" }, stop: Stop), 404, "tenant_unknown", "tenant");
        (await Refused(Client.ReplayWebhookEvents(hook.Id, new WebhookReplayRequest { From = now.AddDays(-30).AddSeconds(-1) }, stop: Stop), 400, "invalid_field", "from")).Limit.ShouldBe(30);
        await Refused(Client.ReplayWebhookEvents(hook.Id, new WebhookReplayRequest { From = now.AddSeconds(1) }, stop: Stop), 400, "invalid_field", "from");
        await Refused(Client.ListWebhookDeliveriesPage(hook.Id, "lost", stop: Stop), 400, "invalid_field", "status");
        await Refused(Client.ListWebhookDeliveriesPage(hook.Id, cursor: "AAAA", stop: Stop), 400, "invalid_field", "cursor");
        await Refused(Client.ResendWebhookDelivery(hook.Id, "nothing", stop: Stop), 404, "webhook_delivery_unknown", "delivery");
        foreach (var id in new[] { "nothing", Guid.Empty.ToString(), "a%00b", new string('x', 1_000) })
        {
            foreach (var call in new Func<Task>[]
            {
                () => Client.GetWebhookEndpoint(id, Stop), () => Client.SaveWebhookEndpoint(id, right, stop: Stop), () => Client.DeleteWebhookEndpoint(id, stop: Stop),
                () => Client.RotateWebhookSecret(id, stop: Stop), () => Client.TestWebhookEndpoint(id, Stop), () => Client.ListWebhookDeliveriesPage(id, stop: Stop),
                () => Client.ResendWebhookDelivery(id, "x", stop: Stop), () => Client.ReplayWebhookEvents(id, new WebhookReplayRequest { From = now }, stop: Stop),
            })
                await Refused(call(), 404, "webhook_endpoint_unknown", "id");
        }
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_nobody_follows_it()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await using var elsewhere = await WebhookReceiver.Start();
        hook.Receiver.Answer = context =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        };
        var id = await hook.Tell();
        await hook.Run();
        var delivery = await hook.Delivery(id);
        (delivery.Status, delivery.LastStatus, delivery.LastError, elsewhere.Received.Count).ShouldBe(("waiting", 308, "redirect", 0));
    }

    [Fact]
    public async Task A_receiver_that_floods_or_never_ends_is_cut_off_and_a_kilobyte_of_it_is_kept()
    {
        await using var hook = await HookUnderTest.Open(Host);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var flood = Flood(listener);
        await hook.Save(HookUnderTest.Request($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", hook.Tenant, "credits.granted"));
        var flooded = await hook.Tell();
        await hook.Run();
        var delivery = await hook.Delivery(flooded);
        (delivery.Status, delivery.LastStatus, delivery.Reply!.Length).ShouldBe(("delivered", 200, 1_023));
        delivery.Reply.ShouldStartWith(" éxx");
        (await flood).ShouldBeLessThan(50_000_000, "all that the buffers of the system took");

        await hook.Save(HookUnderTest.Request(hook.Receiver.Url, hook.Tenant, "credits.granted"));
        hook.Receiver.Answer = async context =>
        {
            await context.Response.WriteAsync("wait", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var endless = await hook.Tell();
        await hook.Run();
        delivery = await hook.Delivery(endless);
        (delivery.Status, delivery.LastStatus, delivery.Reply).ShouldBe(("delivered", 200, "wait"));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_or_is_not_there_is_tried_again()
    {
        await using var hook = await HookUnderTest.Open(Host);
        hook.Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var id = await hook.Tell();
        await hook.Run();
        (await hook.Delivery(id)).ShouldSatisfyAllConditions(one => one.LastError.ShouldBe("timeout"), one => one.LastStatus.ShouldBeNull(), one => one.Status.ShouldBe("waiting"));

        using (var closed = new TcpListener(IPAddress.Loopback, 0))
        {
            closed.Start();
            var port = ((IPEndPoint)closed.LocalEndpoint).Port;
            closed.Stop();
            await hook.Save(HookUnderTest.Request($"http://127.0.0.1:{port}/", hook.Tenant, "credits.granted"));
        }
        await hook.Run(TimeSpan.FromMinutes(1));
        (await hook.Delivery(id)).LastError.ShouldBe("connection_failed");
        await hook.Save(HookUnderTest.Request("https://nobody.invalid/", hook.Tenant, "credits.granted"));
        (await Client.TestWebhookEndpoint(hook.Id, Stop)).Error.ShouldBe("name_not_resolved");
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var read = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(Stop);
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                return await tls.ReadAsync(new byte[1], Stop);
            }
            catch (Exception refused) when (refused is AuthenticationException or IOException)
            {
                return 0;
            }
        }, Stop);
        await using var hook = await HookUnderTest.Open(Host);
        await hook.Save(HookUnderTest.Request($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/", hook.Tenant, "credits.granted"));

        (await Client.TestWebhookEndpoint(hook.Id, Stop)).Error.ShouldBe("tls_failed");
        (await read).ShouldBe(0, "nothing was said to it");
    }

    [Fact]
    public async Task A_server_that_ends_between_sending_and_writing_so_leaves_the_event_to_be_sent_again()
    {
        await using var hook = await HookUnderTest.Open(Host);
        using var end = new CancellationTokenSource();
        hook.Receiver.Answer = async _ => await end.CancelAsync();
        var id = await hook.Tell();
        await Should.ThrowAsync<OperationCanceledException>(Host.Services.GetRequiredService<WebhookWorker>().Run(end.Token));
        hook.Ids.ShouldBe([id]);
        var unknown = await hook.Delivery(id);
        (unknown.Status, unknown.Attempts).ShouldBe(("waiting", 0));

        hook.Receiver.Reply(200);
        await hook.Run(TimeSpan.FromSeconds(7));
        hook.Ids.ShouldBe([id], "whoever held the endpoint may still be at it");
        await hook.Run(TimeSpan.FromSeconds(1));
        hook.Ids.ShouldBe([id, id]);
        (await hook.Delivery(id)).Status.ShouldBe("delivered");
    }

    [Fact]
    public async Task A_change_while_events_are_sent_holds_for_the_next_one()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var events = new List<string>();
        for (var i = 0; i < 4; i++) events.Add(await hook.Tell());
        hook.Receiver.Answer = async context =>
        {
            if (hook.Ids.Count == 2) await hook.Enable(false);
            await context.Response.WriteAsync("");
        };
        await hook.Run();
        hook.Ids.ShouldBe(events[..2], "it was disabled while the second was under way");
        (await hook.Delivery(events[1])).Status.ShouldBe("delivered");

        hook.Receiver.Answer = async context =>
        {
            if (hook.Ids.Count == 3) await Client.DeleteWebhookEndpoint(hook.Id, stop: Stop);
            await context.Response.WriteAsync("");
        };
        await hook.Enable(true);
        await hook.Run();
        hook.Ids.ShouldBe(events[..3], "it was deleted while the third was under way");
    }

    [Fact]
    public async Task A_test_sends_a_ping_at_once_also_to_an_endpoint_that_is_disabled_and_stands_in_no_log()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await hook.Enable(false);
        var ping = await Client.TestWebhookEndpoint(hook.Id, Stop);
        (ping.Delivered, ping.Status, ping.Error, ping.Reply).ShouldBe((true, 200, null, "thanks"));
        var got = hook.Receiver.Received.ShouldHaveSingleItem();
        var said = HookUnderTest.Read(got);
        (hook.IsTrue(got), got.Id, said.Type, said.Position, said.Tenant, said.Data.GetProperty("endpoint").GetString())
            .ShouldBe((true, ping.Id, "webhook.ping", null, hook.Tenant, hook.Id));
        (await hook.Deliveries()).ShouldBeEmpty();
        (await All(Client.ListEvents(type: "webhook.ping", stop: Stop))).ShouldBeEmpty();

        hook.Receiver.Reply(500);
        ping = await Client.TestWebhookEndpoint(hook.Id, Stop);
        (ping.Delivered, ping.Status, ping.Reply, (await hook.See()).FailingSince).ShouldBe((false, 500, "status 500", null));
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_is_nowhere_in_the_database_in_clear()
    {
        await using var hook = await HookUnderTest.Open(Host);
        await hook.Save(HookUnderTest.Request(hook.Receiver.Url + "?token=canary", hook.Tenant, "credits.granted"));
        var rotated = (await Client.RotateWebhookSecret(hook.Id, stop: Stop)).Secret!;
        Convert.FromBase64String(rotated["whsec_".Length..]).Length.ShouldBe(32);
        (await hook.See()).Secret.ShouldBeNull();
        (await All(Client.ListWebhookEndpoints(Stop))).ShouldAllBe(endpoint => endpoint.Secret == null);
        var audit = await Host.Http.GetStringAsync("/v1/audit?limit=1000", Stop);
        foreach (var word in new[] { "whsec_", "canary", rotated, hook.Secret }) audit.ShouldNotContain(word);
        (await All(Client.ListAudit(hook.Tenant, Stop))).ShouldAllBe(change => change.Target != hook.Id, "what is the operator's is not shown to a tenant");
        (await All(Client.ListAudit(stop: Stop))).Where(change => change.Target == hook.Id).Select(change => change.Action)
            .ShouldBe(["webhook_endpoint.rotated", "webhook_endpoint.changed", "webhook_endpoint.created"], ignoreOrder: true);

        var database = Host.Services.GetRequiredService<Database>();
        Task<List<byte[]>> Kept() => database.Read(async connection =>
            (await connection.QueryAsync<byte[]>("select value from secrets where name like @name", new { name = $"%{hook.Id}%" })).AsList(), Stop);
        var kept = await Kept();
        kept.Count.ShouldBe(2);
        foreach (var value in kept)
            foreach (var secret in new[] { hook.Secret, rotated }) Encoding.Latin1.GetString(value).ShouldNotContain(secret[6..]);
        await Client.DeleteWebhookEndpoint(hook.Id, stop: Stop);
        (await Kept()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_of_one_tenant_and_keys_without_the_scope_may_do_nothing_with_endpoints()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var id = await hook.Tell();
        await hook.Run();
        foreach (var key in new[] { await Host.NewKey(hook.Tenant, "all"), await Host.NewKey(null, "read", "grant", "consume", "tenants", "keys", "limits", "purchase") })
        {
            using var http = Host.NewHttp(key);
            using var client = new TopupClient(http);
            foreach (var call in new Func<Task>[]
            {
                () => client.CreateWebhookEndpoint(HookUnderTest.Request(hook.Receiver.Url, hook.Tenant, "*"), stop: Stop), () => client.GetWebhookEndpoint(hook.Id, Stop),
                () => client.ListWebhookEndpointsPage(stop: Stop), () => client.SaveWebhookEndpoint(hook.Id, HookUnderTest.Request("https://example.com/", null, "*"), stop: Stop),
                () => client.DeleteWebhookEndpoint(hook.Id, stop: Stop), () => client.RotateWebhookSecret(hook.Id, stop: Stop), () => client.TestWebhookEndpoint(hook.Id, Stop),
                () => client.ListWebhookDeliveriesPage(hook.Id, stop: Stop), () => client.ResendWebhookDelivery(hook.Id, id, stop: Stop),
                () => client.ReplayWebhookEvents(hook.Id, new WebhookReplayRequest { From = TestHost.Beginning }, stop: Stop),
            })
                (await Should.ThrowAsync<TopupException>(call())).Status.ShouldBe(403);
        }
        hook.Ids.ShouldBe([id]);
        (await hook.See()).UpdatedAt.ShouldBe(hook.Endpoint.UpdatedAt);
    }

    [Fact]
    public async Task The_log_of_deliveries_pages_filters_and_forgets_what_is_done_after_thirty_days()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var events = new List<string>();
        for (var i = 0; i < 5; i++) events.Add(await hook.Tell());
        await hook.Run();
        hook.Receiver.Reply(500);
        var last = await hook.Tell();
        await hook.Run();

        (await hook.Deliveries()).Select(delivery => delivery.Id).ShouldBe([last, .. Enumerable.Reverse(events)]);
        var page = await Client.ListWebhookDeliveriesPage(hook.Id, "delivered", 3, stop: Stop);
        page.Data.Select(delivery => delivery.Id).ShouldBe([events[4], events[3], events[2]]);
        (await Client.ListWebhookDeliveriesPage(hook.Id, "delivered", 3, page.NextCursor, Stop)).Data.Select(delivery => delivery.Id).ShouldBe([events[1], events[0]]);
        (await All(Client.ListWebhookDeliveries(hook.Id, "waiting", Stop))).Select(delivery => delivery.Id).ShouldBe([last]);

        await hook.Enable(false);
        await hook.Run(TimeSpan.FromDays(31));
        (await hook.Deliveries()).Select(delivery => delivery.Id).ShouldBe([last], "what waits is kept");
    }

    [Fact]
    public async Task There_may_be_fifty_endpoints()
    {
        await using var server = await Fixture.NewHost();
        var request = HookUnderTest.Request("https://example.com/", null, "*");
        for (var i = 0; i < 50; i++) await server.Client.CreateWebhookEndpoint(request, stop: Stop);
        (await Refused(server.Client.CreateWebhookEndpoint(request, stop: Stop), 409, "too_many_webhook_endpoints")).Limit.ShouldBe(50);
        var page = await server.Client.ListWebhookEndpointsPage(30, stop: Stop);
        (await server.Client.ListWebhookEndpointsPage(30, page.NextCursor, Stop)).Data.Count.ShouldBe(20);
    }

    [Fact]
    public async Task The_server_sends_by_itself_and_one_receiver_that_hangs_keeps_no_other_waiting()
    {
        await using var server = await Fixture.NewHost("--Topup:WebhookEverySeconds=1", "--Topup:WebhookTimeoutSeconds=30");
        await using var hanging = await HookUnderTest.Open(server);
        await using var quick = await HookUnderTest.Open(server);
        hanging.Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await hanging.Tell();
        await Until(() => hanging.Ids.Count == 1);
        var id = await quick.Tell();
        await Until(() => quick.Ids.Count == 1);
        quick.Ids.ShouldBe([id]);
    }

    [Fact]
    public async Task Requests_are_counted_by_what_came_of_them()
    {
        await using var hook = await HookUnderTest.Open(Host);
        var counted = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == WebhookMetrics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted.Add($"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}"));
        listener.Start();
        await hook.Tell();
        await hook.Run();
        hook.Receiver.Reply(410);
        await hook.Tell();
        await hook.Run();
        counted.ShouldContain("topup.webhooks.delivered ");
        counted.ShouldContain("topup.webhooks.failed status");
        counted.ShouldContain("topup.webhooks.disabled ");
    }

    private static async Task Until(Func<bool> isSo)
    {
        for (var i = 0; i < 400 && !isSo(); i++) await Task.Delay(50, Stop);
        isSo().ShouldBeTrue();
    }

    /// <summary>Answers one request with a body that does not end, and says how many bytes of it could be sent.</summary>
    private static async Task<long> Flood(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        var stream = client.GetStream();
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n\0é"u8.ToArray(), Stop);
        var (sent, part) = (0L, Encoding.ASCII.GetBytes(new string('x', 16_000)));
        try
        {
            for (; sent < 1_000_000_000; sent += part.Length) await stream.WriteAsync(part, Stop);
        }
        catch (IOException)
        {
            // Cut off, as it should be.
        }
        return sent;
    }
}
