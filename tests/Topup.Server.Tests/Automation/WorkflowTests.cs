using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Server.Automation.Workflows;
using Topup.Server.Storage;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Automation;

public sealed class WorkflowsOnSqlite(SqliteFlows host) : WorkflowTests(host), IClassFixture<SqliteFlows>;

public sealed class WorkflowsOnPostgres(PostgresFlows host) : WorkflowTests(host), IClassFixture<PostgresFlows>
{
    [Fact]
    public async Task Two_servers_on_one_database_do_each_action_once_and_tell_each_statement_once()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var other = await Fixture.NewHost("--Topup:Database=" + Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"]);
        await using var receiver = await WebhookReceiver.Start();
        var rule = await flow.Save("credits.granted", FlowUnderTest.Hook(receiver), FlowUnderTest.Hook(receiver));
        for (var i = 0; i < 20; i++) await Host.Grant(flow.Tenant, flow.Type, 1);

        await Task.WhenAll(Enumerable.Range(0, 6).SelectMany(_ => new[] { flow.Run(), flow.Run(other) }));

        (await flow.Runs(rule.Code)).Select(run => run.Status).Distinct().ShouldBe(["done"]);
        receiver.Received.Select(got => got.Id).Distinct().Count().ShouldBe(40);
        receiver.Received.Count.ShouldBe(40);

        await flow.Save("statement.weekly", FlowUnderTest.Email("week"));
        await Statements.Run(Stop);
        Host.Clock.Set(new DateTimeOffset(2026, 5, 11, 12, 0, 0, TimeSpan.Zero));
        other.Clock.Set(Host.Clock.GetUtcNow());
        var theirs = other.Services.GetRequiredService<WeeklyStatements>();
        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => new[] { Statements.Run(Stop), theirs.Run(Stop) }));
        (await Host.Events(flow.Tenant)).Count(told => told.Type == "statement.weekly").ShouldBe(1);
    }
}

public sealed class SqliteFlows() : HostFixture(isPostgres: false, WorkflowTests.Settings);

public sealed class PostgresFlows() : HostFixture(isPostgres: true, WorkflowTests.Settings);

public abstract class WorkflowTests(HostFixture fixture) : ServerTests(fixture)
{
    public static readonly string[] Settings =
    [
        "--Topup:WorkflowEverySeconds=86400", "--Topup:WebhookEverySeconds=86400", "--Topup:WebhookTimeoutSeconds=3", "--Topup:MessageTimeoutSeconds=3",
        "--Topup:TimeZone=America/Sao_Paulo", "--Topup:TopUpUrl=https://shop.example.com/top-up?tenant={tenant}&type={type}",
        "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]),
    ];

    private const string Five = "{topup_plan_name}|{topup_plan_type}|{topup_credits}|{topup_price}|{topup_payment_method}";

    private protected WeeklyStatements Statements => Host.Services.GetRequiredService<WeeklyStatements>();

    [Fact]
    public async Task A_purchase_is_confirmed_by_mail_with_the_five_shortcodes_filled_in()
    {
        await using var flow = await FlowUnderTest.Open(Host, "Açaí Ltda");
        var thanks = FlowUnderTest.Email("Thanks, {tenant_name}", Five + "\n{credits_remaining} {event_time} {topup_link}");
        var rule = await flow.Save("topup.purchased", thanks);
        await flow.Save("credits.purchased", thanks);
        await flow.Save("purchase.paid", thanks);
        var money = await Host.NewType(2, "BRL");
        await Host.Grant(flow.Tenant, money, 2_000);
        var pack = Host.NewName("pack");
        await Client.SavePack(pack, new PackRequest { Type = flow.Type, Name = "1,500 SMS", Credits = 1_500, Price = 1_234.5m, Currency = "BRL" }, stop: Stop);
        await Client.StartPurchase(new PurchaseRequest { Tenant = flow.Tenant, Pack = pack, Method = "balance" }, stop: Stop);

        await flow.Run();
        await flow.Run(TimeSpan.FromDays(1));

        flow.Mail.Mails.Count.ShouldBe(3);
        foreach (var mail in flow.Mail.Mails)
        {
            mail.To.ShouldBe([flow.Address]);
            var text = FlowUnderTest.Read(mail);
            text.ShouldContain("Subject: Thanks, Açaí Ltda");
            text.ShouldContain("1,500 SMS|SMS|1,500|R$\u00a01.234,50|Balance");
            text.ShouldContain($"1,500 2026-03-10 09:00 https://shop.example.com/top-up?tenant={flow.Tenant}&type={flow.Type}");
        }
        (await flow.OnlyRun(rule.Code)).ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe("done"), run => run.Tenant.ShouldBe(flow.Tenant), run => run.Actions.Single().Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task Exhaustion_is_told_once_for_each_crossing_and_only_of_the_channel_that_is_named()
    {
        await using var flow = await FlowUnderTest.Open(Host, channel: "whatsapp");
        var (rule, others) = (await flow.Save("whatsapp.exhausted", FlowUnderTest.Email("over")), await flow.Save("sms.exhausted", FlowUnderTest.Email("never")));
        for (var round = 0; round < 2; round++)
        {
            await Host.Grant(flow.Tenant, flow.Type, 2);
            await Host.Consume(flow.Tenant, flow.Type);
            await Host.Consume(flow.Tenant, flow.Type);
            (await Host.Consume(flow.Tenant, flow.Type)).Allowed.ShouldBeFalse();
            await flow.Run();
        }
        flow.Mail.Mails.Count.ShouldBe(2);
        (await flow.Runs(rule.Code)).Count.ShouldBe(2);
        (await flow.Runs(others.Code)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_of_before_a_workflow_was_made_or_enabled_start_nothing_and_disabling_cancels_what_waits()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await Host.Grant(flow.Tenant, flow.Type, 1);
        var rule = await flow.Save("credits.granted", FlowUnderTest.Email("granted"));
        await flow.Run();
        flow.Mail.Mails.ShouldBeEmpty();

        flow.Mail.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 busy" : null;
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        (await flow.OnlyRun(rule.Code)).ShouldSatisfyAllConditions(run => run.Status.ShouldBe("waiting"), run => run.Actions[0].Reason.ShouldBe("smtp_450"));
        await Client.SaveWorkflow(rule.Code, flow.Request("credits.granted", FlowUnderTest.Email("granted")) with { Enabled = false }, stop: Stop);
        (await flow.OnlyRun(rule.Code)).ShouldSatisfyAllConditions(run => run.Status.ShouldBe("canceled"), run => run.Reason.ShouldBe("disabled"));
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await Client.SaveWorkflow(rule.Code, flow.Request("credits.granted", FlowUnderTest.Email("granted")), stop: Stop);
        flow.Mail.Answer = _ => null;
        await flow.Run(TimeSpan.FromDays(1));
        flow.Mail.Mails.ShouldBeEmpty("what came while it was disabled starts nothing");

        await Client.RetryWorkflowRun((await flow.OnlyRun(rule.Code)).Id, stop: Stop);
        await flow.Run();
        flow.Mail.Mails.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Actions_are_done_in_order_each_begun_when_the_one_before_is_done_and_tried_for_a_day()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        receiver.Reply(500);
        var rule = await flow.Save("credits.granted", FlowUnderTest.Email("first"), FlowUnderTest.Hook(receiver), FlowUnderTest.Email("last"));
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        (await flow.OnlyRun(rule.Code)).ShouldSatisfyAllConditions(
            run => run.Actions.Select(action => action.Status).ShouldBe(["done", "waiting", "waiting"]), run => run.Actions[1].Reason.ShouldBe("http_500"));
        for (var i = 0; i < 20; i++) await flow.Run(TimeSpan.FromHours(11));

        var failed = await flow.OnlyRun(rule.Code);
        (failed.Status, failed.Reason, failed.NextAttemptAt).ShouldBe(("failed", "http_500", null));
        failed.Actions.Select(action => (action.Status, action.Attempts)).ShouldBe([("done", 1), ("failed", WorkflowRun.TriesMax), ("waiting", 0)]);
        receiver.Received.Select(got => got.Id).Distinct().ShouldHaveSingleItem();
        flow.Mail.Mails.Count.ShouldBe(1);

        receiver.Answer = _ => Task.CompletedTask;
        await Client.RetryWorkflowRun(failed.Id, stop: Stop);
        await flow.Run();
        (await flow.OnlyRun(rule.Code)).Actions.Select(action => action.Status).ShouldBe(["done", "done", "done"]);
        flow.Mail.Mails.Select(FlowUnderTest.Read).Select(text => text.Contains("Subject: last", StringComparison.Ordinal)).ShouldBe([false, true]);
        await Refused(Client.RetryWorkflowRun(failed.Id, stop: Stop), 409, "workflow_run_not_failed");
    }

    [Fact]
    public async Task A_run_that_a_dead_server_holds_is_gone_on_with_when_its_lease_is_over_and_what_was_done_is_not_done_again()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        receiver.Reply(503);
        var rule = await flow.Save("credits.granted", FlowUnderTest.Email("first"), FlowUnderTest.Hook(receiver));
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var store = Host.Services.GetRequiredService<WorkflowStore>();
        var held = (await store.Claim(Now, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(6), 100, Stop)).ShouldHaveSingleItem();
        receiver.Answer = _ => Task.CompletedTask;

        await flow.Run(TimeSpan.FromSeconds(29));
        receiver.Received.Count.ShouldBe(1, "somebody else has it");
        await flow.Run(TimeSpan.FromSeconds(2));
        receiver.Received.Count.ShouldBe(2);
        (await store.Extend(held, Now.Plus(TimeSpan.FromMinutes(1)), Stop)).ShouldBeFalse("it is not the dead server's any more");
        (await flow.OnlyRun(rule.Code)).Status.ShouldBe("done");
        flow.Mail.Mails.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Credits_are_given_once_and_what_a_workflow_gives_starts_no_workflow()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        var gift = new WorkflowAction { Kind = "grant", Type = flow.Type, Amount = 5, Reason = "a gift", ExpiresInDays = 3 };
        var (giver, watcher, recovered) = (await flow.Save("credits.granted", gift, FlowUnderTest.Hook(receiver)), await flow.Save("credits.granted", FlowUnderTest.Hook(receiver)),
            await flow.Save("credits.recovered", FlowUnderTest.Hook(receiver)));
        var exhausted = await flow.Save("credits.exhausted", gift);
        receiver.Reply(500);
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        // The grant is done again, as by a server that died before it had written that it was.
        var run = (await flow.Runs(giver.Code)).Single(one => one.Status == "waiting");
        await Host.Services.GetRequiredService<Database>().Transact(async (connection, transaction) =>
        {
            var store = Host.Services.GetRequiredService<WorkflowStore>();
            var row = (await store.LockRun(connection, transaction, run.Id))!;
            await WorkflowStore.SaveRun(connection, transaction, row with { Action = 0, Tries = 0, DueAt = Now });
            return true;
        }, Stop);
        receiver.Answer = _ => Task.CompletedTask;
        await flow.Run(TimeSpan.FromHours(1));

        (await Client.GetPool(flow.Tenant, flow.Type, stop: Stop)).Remaining.Total.ShouldBe(6);
        var given = (await Host.Events(flow.Tenant)).Where(told => told.Type == "credits.granted").ToList();
        given.Select(told => told.Data.TryGetProperty("cause", out var cause) ? cause.GetString() : null).ShouldBe([null, "workflow:" + giver.Code]);
        (await flow.Runs(watcher.Code)).Select(one => (one.Status, one.Reason, one.Actions.Count)).ShouldBe([("skipped", "loop", 0), ("done", null, 1)]);
        (await flow.Runs(giver.Code)).Select(one => one.Status).ShouldBe(["skipped", "done"]);

        await Host.Consume(flow.Tenant, flow.Type, 6);
        await flow.Run();
        (await flow.OnlyRun(exhausted.Code)).Status.ShouldBe("done");
        await flow.Run();
        (await flow.OnlyRun(recovered.Code)).Reason.ShouldBe("loop", "the pool recovered by what a workflow gave");
    }

    [Fact]
    public async Task A_tenant_is_paused_and_resumed_with_the_workflow_in_the_audit()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        var (plan, other) = (await Host.NewPlan(), await Host.NewPlan());
        var pause = new WorkflowAction { Kind = "pause_tenant", Reason = "chargeback" };
        var rule = Host.NewName("flow");
        await Client.SaveWorkflow(rule, flow.Request("plan.changed", pause) with { Conditions = new WorkflowConditionTerms { Plan = plan } }, stop: Stop);
        await Host.SaveTenant(flow.Tenant, plan);
        await flow.Run();
        (await Client.GetTenant(flow.Tenant, Stop)).Status.ShouldBe("suspended");
        (await All(Client.ListAudit(flow.Tenant, stop: Stop))).ShouldContain(
            line => line.Actor == "workflow:" + rule && line.Reason == "chargeback" && line.Action == "tenant.changed");

        await Client.SaveWorkflow(rule, flow.Request("plan.changed", pause with { Kind = "resume_tenant" }) with { Conditions = new WorkflowConditionTerms { Plan = other } }, stop: Stop);
        await Host.SaveTenant(flow.Tenant, other);
        await flow.Run();
        (await Client.GetTenant(flow.Tenant, Stop)).Status.ShouldBe("active");
        await Client.DeleteWorkflow(rule, stop: Stop);
        (await flow.Runs(rule)).Select(run => run.Status).ShouldBe(["done", "done"], "the runs of a workflow that is deleted can be read");
    }

    [Fact]
    public async Task A_name_cannot_become_markup_a_header_or_JSON()
    {
        const string name = "<script>alert(1)</script>\" onload=x {tenant_email} \\\"},\\u0022";
        await using var flow = await FlowUnderTest.Open(Host, name);
        await using var receiver = await WebhookReceiver.Start();
        await flow.Save("credits.granted",
            FlowUnderTest.Email("For {tenant_name}", null, "<p title=\"{tenant_name}\">{tenant_name}</p><a href=\"https://x.example/?n={tenant_name}\">x</a><a href=\"{topup_link}\">y</a>"),
            FlowUnderTest.Hook(receiver, """{"name": "{tenant_name}", "nested": [{"{tenant_id}": 1}]}"""), FlowUnderTest.Hook(receiver));
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();

        var mail = FlowUnderTest.Read(flow.Mail.Mails.Single());
        var (head, body) = (mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)], mail[mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
        head.Split("\r\n").Count(line => line.StartsWith("Subject:", StringComparison.Ordinal)).ShouldBe(1);
        body.ShouldContain("<p title=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=x {tenant_email} \\&quot;},\\u0022\">");
        body.ShouldContain("href=\"https://x.example/?n=" + Uri.EscapeDataString(name) + "\"");
        body.ShouldContain($"<a href=\"https://shop.example.com/top-up?tenant={flow.Tenant}&amp;type={flow.Type}\">y</a>");
        body.ShouldNotContain("<script");
        using var json = JsonDocument.Parse(receiver.Received[0].Body);
        json.RootElement.GetProperty("name").GetString().ShouldBe(name);
        json.RootElement.EnumerateObject().Count().ShouldBe(2);
        // No name can have a line break; a sample can say anything.
        var rule = await flow.Save("credits.granted", FlowUnderTest.Email("About {reference}"));
        var sample = JsonDocument.Parse("""{"reference": "x\r\nBcc: everybody@example.com\u2028Bcc: y@example.com"}""").RootElement;
        await Client.TestWorkflow(rule.Code, new WorkflowTestRequest { Event = new WorkflowSample { Tenant = flow.Tenant, Data = sample }, Send = true, To = "me@example.net" }, Stop);
        var about = FlowUnderTest.Read(flow.Mail.Mails[^1]);
        about.ShouldContain("Subject: About x  Bcc: everybody@example.com Bcc: y@example.com\r\n");
        about.Split("\r\n").ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.Ordinal));
        var told = JsonSerializer.Deserialize(receiver.Received[1].Body, TopupJson.Default.WebhookEvent)!;
        (told.Type, told.Tenant).ShouldBe(("credits.granted", flow.Tenant));
    }

    [Fact]
    public async Task A_webhook_is_signed_with_the_secret_that_was_shown_once()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        var rule = await flow.Save("credits.granted", FlowUnderTest.Hook(receiver));
        var secret = rule.Secret.ShouldNotBeNull();
        (await Client.SaveWorkflow(rule.Code, flow.Request("credits.granted", FlowUnderTest.Hook(receiver)), stop: Stop)).Secret.ShouldBeNull();
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        var got = receiver.Received.ShouldHaveSingleItem();
        WebhookSignature.Verify(secret, got.Id, got.Timestamp, got.Signature, got.Body, Host.Clock).ShouldBeTrue();

        var own = "whsec_" + Convert.ToBase64String(new byte[24]);
        (await Client.SaveWorkflow(rule.Code, flow.Request("credits.granted", FlowUnderTest.Hook(receiver)) with { Secret = own }, stop: Stop)).Secret.ShouldBeNull();
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        got = receiver.Received[^1];
        WebhookSignature.Verify(own, got.Id, got.Timestamp, got.Signature, got.Body, Host.Clock).ShouldBeTrue();
        var log = await flow.Runs(rule.Code);
        JsonSerializer.Serialize(log[0], TopupJson.Default.WorkflowRunView).ShouldNotContain(flow.Address);
    }

    [Fact]
    public async Task A_webhook_never_goes_to_an_address_that_is_not_public_unless_that_is_allowed()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        foreach (var url in new[] { "http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://user@example.com/", "ftp://example.com/" })
            await Refused(flow.Save("credits.granted", new WorkflowAction { Kind = "webhook", Url = url }), 400, "invalid_field", "actions[0].url");
        var port = new Uri(receiver.Url).Port;
        var rule = await flow.Save("credits.granted", new WorkflowAction { Kind = "webhook", Url = $"https://localhost:{port}/" });
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        (await flow.OnlyRun(rule.Code)).Actions[0].Reason.ShouldBe("address_not_public");
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_operator_is_written_to_at_the_address_that_was_set_and_nobody_where_there_is_none()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await Client.SaveOperatorContact(new OperatorContact(), stop: Stop);
        var rule = await flow.Save("credits.granted", FlowUnderTest.Email("{tenant_id}", "from {operator_name}", to: "operator"), FlowUnderTest.Email("x", to: "ops@example.net"));
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        (await flow.OnlyRun(rule.Code)).ShouldSatisfyAllConditions(run => run.Status.ShouldBe("done"),
            run => run.Actions.Select(action => (action.Status, action.Reason)).ShouldBe([("skipped", "no_address"), ("done", null)]));
        flow.Mail.Mails.Single().To.ShouldBe(["ops@example.net"]);

        await Client.SaveOperatorContact(new OperatorContact { Name = "The Shop", Email = "boss@example.net", Phone = "+5511998765432" }, stop: Stop);
        (await Client.GetOperatorContact(Stop)).ShouldBe(new OperatorContact { Name = "The Shop", Email = "boss@example.net", Phone = "+5511998765432" });
        await Host.Grant(flow.Tenant, flow.Type, 1);
        await flow.Run();
        flow.Mail.Mails[1].To.ShouldBe(["boss@example.net"]);
        FlowUnderTest.Read(flow.Mail.Mails[1]).ShouldContain("from The Shop");
    }

    [Fact]
    public async Task A_test_shows_what_would_be_done_and_does_nothing_but_what_it_is_asked_to_send()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await using var receiver = await WebhookReceiver.Start();
        var rule = await flow.Save("topup.purchased", FlowUnderTest.Email("{tenant_name}", Five, "<b>{topup_credits}</b>"), FlowUnderTest.Hook(receiver, """{"n":"{topup_credits}"}"""),
            new WorkflowAction { Kind = "grant", Type = flow.Type, Amount = 1 }, new WorkflowAction { Kind = "pause_tenant" });
        await Client.SaveWorkflow(rule.Code, flow.Request("topup.purchased", [.. rule.Actions]) with { Enabled = false }, stop: Stop);

        var shown = await Client.TestWorkflow(rule.Code, new WorkflowTestRequest(), Stop);
        shown.Matches.ShouldBeTrue();
        var mail = shown.Actions[0];
        (mail.To, mail.Subject, mail.Text, mail.Html).ShouldBe(("owner@acme.example", "Acme Ltd", "500 SMS|SMS|500|$25.00|Stripe", "<b>500</b>"));
        shown.Actions[1].Body!.Value.GetProperty("n").GetString().ShouldBe("500");
        shown.Actions.Select(action => action.Kind).ShouldBe(["email", "webhook", "grant", "pause_tenant"]);

        var data = JsonDocument.Parse($$$"""{"type":"{{{flow.Type}}}","entry":"x","amount":3,"remaining":{"allowance":0,"unlimited":false,"purchased":3,"held":0,"debt":0,"total":3}}""").RootElement;
        var sent = await Client.TestWorkflow(rule.Code, new WorkflowTestRequest { Event = new WorkflowSample { Tenant = flow.Tenant, Data = data }, Send = true, To = "me@example.net" }, Stop);
        (sent.Matches, sent.Values["tenant_name"], sent.Values["amount"], sent.Actions[0].Outcome).ShouldBe((true, flow.Tenant, "3", "accepted"));
        flow.Mail.Mails.Single().To.ShouldBe(["me@example.net"]);
        receiver.Received.ShouldBeEmpty();
        (await Client.GetTenant(flow.Tenant, Stop)).Status.ShouldBe("active");
        (await flow.Runs(rule.Code)).ShouldBeEmpty();
        await Refused(Client.TestWorkflow(rule.Code, new WorkflowTestRequest { Send = true }, Stop), 400, "missing_field", "to");
        await Refused(Client.TestWorkflow(rule.Code, new WorkflowTestRequest { Send = true, To = "+5511998765432" }, Stop), 400, "invalid_field", "to");
        await Refused(Client.TestWorkflow("none", new WorkflowTestRequest(), Stop), 404, "workflow_unknown", "code");
    }

    [Fact]
    public async Task Every_event_has_a_sample_and_a_value_for_every_shortcode()
    {
        WorkflowEvents.All.Select(known => known.Event).Distinct().Order(StringComparer.Ordinal).ShouldBe(EventTypes.All, ignoreOrder: true);
        var values = Host.Services.GetRequiredService<WorkflowValues>();
        await using var flow = await FlowUnderTest.Open(Host);
        await Client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        foreach (var known in (await Client.ListWorkflowEvents(Stop)).Data)
        {
            var kind = WorkflowEvents.Find(known.Event)!;
            var told = await values.Of(kind, new Happening(kind.Event, "id", kind.IsOfTenant ? flow.Tenant : "", 1, Now, WorkflowSamples.Of(kind)), Stop);
            told.Keys.ShouldBe(kind.Shortcodes.Select(code => code.Name), ignoreOrder: true);
            string[] mayBeUnknown = ["operator_name", "tenant_plan", "previous_plan", "reference", "runs_out_on", "reason", "topup_price", "topup_plan_name", "topup_payment_method", "purchase_id", "topup_credits"];
            told.Where(value => value.Value.Length == 0).Select(value => value.Key).Except(mayBeUnknown).ShouldBeEmpty(known.Event);
        }
        await Client.DeleteCreditType("sms", stop: Stop);
    }

    [Fact]
    public async Task Every_ready_made_rule_can_be_saved_and_tried()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        var presets = (await Client.ListWorkflowPresets(Stop)).Data;
        presets.Count.ShouldBe(7);
        foreach (var preset in presets)
        {
            await Client.SaveWorkflow(preset.Code, preset.Workflow, stop: Stop);
            var shown = await Client.TestWorkflow(preset.Code, new WorkflowTestRequest(), Stop);
            shown.Actions.Single().ShouldSatisfyAllConditions(action => action.Subject.ShouldNotBeNull().ShouldNotContain("{"),
                action => action.Text.ShouldNotBeNull().ShouldNotContain("{"), action => action.Html.ShouldNotBeNull().ShouldNotContain("{"));
        }
        var saved = (await All(Client.ListWorkflows(Stop))).Select(rule => rule.Code).ToList();
        saved.ShouldBe(saved.Order(StringComparer.Ordinal));
        presets.Select(preset => preset.Code).Except(saved).ShouldBeEmpty();
        foreach (var preset in presets) await Client.DeleteWorkflow(preset.Code, stop: Stop);
    }

    [Fact]
    public async Task A_statement_is_told_on_Monday_morning_of_the_operator_once_and_not_for_weeks_that_were_missed()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        await Statements.Run(Stop);
        await flow.Save("statement.weekly", FlowUnderTest.Email("Week", "{statement_from}..{statement_to}\n{statement_lines}\n{purchases}"));
        await Host.Grant(flow.Tenant, flow.Type, 10);
        await Host.Consume(flow.Tenant, flow.Type, 4);
        async Task<int> Told(DateTimeOffset at)
        {
            Host.Clock.Set(at);
            await Statements.Run(Stop);
            await Statements.Run(Stop);
            return (await Host.Events(flow.Tenant)).Count(told => told.Type == "statement.weekly");
        }

        // São Paulo is three hours behind.
        (await Told(TestHost.Beginning)).ShouldBe(0, "nobody asked for it on Monday");
        (await Told(new DateTimeOffset(2026, 3, 16, 10, 59, 59, TimeSpan.Zero))).ShouldBe(0);
        (await Told(new DateTimeOffset(2026, 3, 16, 11, 0, 0, TimeSpan.Zero))).ShouldBe(1);
        (await Told(new DateTimeOffset(2026, 3, 22, 23, 0, 0, TimeSpan.Zero))).ShouldBe(1);
        await flow.Run();
        FlowUnderTest.Read(flow.Mail.Mails.Single()).ShouldContain("2026-03-09..2026-03-15\r\nSMS: 4 used, 6 left\r\n0");
        (await Told(new DateTimeOffset(2026, 4, 15, 12, 0, 0, TimeSpan.Zero))).ShouldBe(2, "one for all the weeks in which nothing ran");
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_name_when_it_is_saved()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        var mail = FlowUnderTest.Email("x");
        async Task Wrong(string field, string @event, WorkflowConditionTerms? conditions, WorkflowAction action, string code = "invalid_field", int status = 400) =>
            await Refused(Client.SaveWorkflow("wrong", new WorkflowRequest { Name = "x", Event = @event, Conditions = conditions, Actions = [action] }, stop: Stop), status, code, field);

        await Wrong("event", "credits.gone", null, mail);
        await Wrong("conditions.threshold_max", "credits.exhausted", new WorkflowConditionTerms { ThresholdMax = new ThresholdView { Percent = 20 } }, mail);
        await Wrong("conditions.amount_min", "tenant.created", new WorkflowConditionTerms { AmountMin = 1 }, mail);
        await Wrong("conditions.tenant", "webhook.disabled", new WorkflowConditionTerms { Tenant = flow.Tenant }, mail with { To = "operator" });
        await Wrong("conditions.type", "credits.granted", new WorkflowConditionTerms { AmountMin = 1 }, mail, "missing_field");
        await Wrong("conditions.currency", "purchase.paid", new WorkflowConditionTerms { AmountMin = 1 }, mail, "missing_field");
        await Wrong("conditions.amount_max", "credits.granted", new WorkflowConditionTerms { Type = flow.Type, AmountMax = 1.5m }, mail);
        await Wrong("conditions.type", "credits.granted", new WorkflowConditionTerms { Type = "gone" }, mail, "type_unknown", 404);
        await Wrong("conditions.plan", "credits.granted", new WorkflowConditionTerms { Plan = "gone" }, mail, "plan_unknown");
        await Wrong("actions[0]", "credits.granted", null, null!);
        await Wrong("actions[0].kind", "credits.granted", null, mail with { Kind = "fax" });
        await Wrong("actions[0].to", "credits.granted", null, mail with { To = "not an address" });
        await Wrong("actions[0].to", "reconciliation.orphan", null, mail);
        await Wrong("actions[0].kind", "reconciliation.orphan", null, new WorkflowAction { Kind = "pause_tenant" });
        await Wrong("actions[0].subject", "credits.granted", null, new WorkflowAction { Kind = "sms", To = "tenant", Text = "x", Subject = "x" });
        await Wrong("actions[0].subject", "credits.granted", null, mail with { Subject = "a\r\nBcc: x@example.com" });
        await Wrong("actions[0].type", "credits.granted", null, new WorkflowAction { Kind = "grant", Type = "gone", Amount = 1 }, "type_unknown", 404);
        await Wrong("actions[0].amount", "credits.granted", null, new WorkflowAction { Kind = "grant", Type = flow.Type, Amount = 0.5m });
        await Wrong("actions[0].html", "credits.granted", null, mail with { Html = "<p title={tenant_name}>" });
        await Wrong("actions[0].html", "credits.granted", null, mail with { Html = "<script>var x = '{tenant_name}';</script>" });
        var unknown = await Refused(Client.SaveWorkflow("wrong", flow.Request("credits.low", mail with { Text = "{topup_price}" }), stop: Stop), 400, "invalid_field", "actions[0].text");
        unknown.Message.ShouldContain("{topup_price} is no shortcode of credits.low");
        unknown.Message.ShouldContain("{credits_remaining}");
        await Refused(Client.SaveWorkflow("wrong", flow.Request("credits.low", FlowUnderTest.Email("x")) with { Secret = "whsec_x" }, stop: Stop), 400, "invalid_field", "secret");
        await Refused(Client.GetWorkflow("wrong", Stop), 404, "workflow_unknown", "code");
    }

    [Theory]
    [InlineData("""{"name":"x","event":"credits.low","actions":[null]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":{}}""")]
    [InlineData("""{"name":"x","event":null,"actions":[{"kind":"pause_tenant"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"pause_tenant","strange":1}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","conditions":{"threshold_max":{}},"actions":[{"kind":"pause_tenant"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","conditions":{"threshold_max":{"percent":1e9}},"actions":[{"kind":"pause_tenant"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"webhook","url":"https://example.com/","body":{"a":"\ud83d"}}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"webhook","url":"https://example.com/","body":"{topup_price}"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"email","to":"tenant","subject":"\ud83d","text":"x"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"email","to":"tenant","subject":"x","text":"\u0000"}]}""")]
    [InlineData("""{"name":"x","event":"credits.low","actions":[{"kind":"email","to":"a@b.c, d@e.f","subject":"x","text":"x"}]}""")]
    public async Task A_body_that_is_wrong_is_a_clear_refusal(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await Host.Http.PutAsync("/v1/workflows/wrong", content, Stop);
        ((int)response.StatusCode, (await response.Content.ReadAsStringAsync(Stop)).Contains("\"field\"", StringComparison.Ordinal)).ShouldBe((400, true), body);
    }

    [Fact]
    public async Task Conditions_of_amount_and_threshold_hold_in_the_decimals_of_the_type()
    {
        await using var flow = await FlowUnderTest.Open(Host);
        var type = await Host.NewType(decimals: 2, lowPercent: 20);
        var (codeMin, codeLow) = (Host.NewName("flow"), Host.NewName("flow"));
        await Client.SaveWorkflow(codeMin, flow.Request("credits.granted", FlowUnderTest.Email("x")) with { Conditions = new WorkflowConditionTerms { Type = type, AmountMin = 0.5m, AmountMax = 2 } }, stop: Stop);
        await Client.SaveWorkflow(codeLow, flow.Request("credits.low", FlowUnderTest.Email("{threshold}")) with { Conditions = new WorkflowConditionTerms { Type = type, ThresholdMax = new ThresholdView { Percent = 20 } } }, stop: Stop);
        foreach (var amount in new[] { 0.49m, 0.5m, 2m, 2.01m, 5m }) await Host.Grant(flow.Tenant, type, amount);
        await Host.Consume(flow.Tenant, type, 8.5m);
        await flow.Run();
        (await flow.Runs(codeMin)).Count.ShouldBe(2);
        (await flow.OnlyRun(codeLow)).Status.ShouldBe("done");
        flow.Mail.Mails.Select(FlowUnderTest.Read).ShouldContain(text => text.Contains("Subject: 20 %", StringComparison.Ordinal));
        await Client.DeleteWorkflow(codeMin, stop: Stop);
        await Client.DeleteWorkflow(codeLow, stop: Stop);
    }

    private Instant Now => Instant.From(Host.Clock.GetUtcNow());
}
