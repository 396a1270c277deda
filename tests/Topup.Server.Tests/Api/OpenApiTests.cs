using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class OpenApiOnSqlite(SqliteHost host) : OpenApiTests(host), IClassFixture<SqliteHost>;

public sealed class OpenApiOnPostgres(PostgresHost host) : OpenApiTests(host), IClassFixture<PostgresHost>;

public abstract class OpenApiTests(HostFixture fixture) : ServerTests(fixture)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A change of the API is a change of the approved file: TOPUP_APPROVE=1 rewrites it, and the reviewer sees it.</summary>
    [Fact]
    public async Task The_description_is_the_approved_one()
    {
        var served = Normal(await Host.Http.GetStringAsync("/openapi/v1.json", Stop));
        if (Environment.GetEnvironmentVariable("TOPUP_APPROVE") == "1") await File.WriteAllTextAsync(Approved(), served, Stop);
        (await File.ReadAllTextAsync(Approved(), Stop)).ShouldBe(served);
    }

    [Fact]
    public async Task Every_operation_has_a_method_of_the_client_and_the_client_calls_every_one()
    {
        var description = JsonNode.Parse(await Host.Http.GetStringAsync("/openapi/v1.json", Stop))!;
        var operations = description["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (Path: path.Key, Method: method.Key.ToUpperInvariant(), Id: (string)method.Value!["operationId"]!)))
            .ToList();
        var methods = typeof(TopupClient).GetMethods().Select(method => method.Name).ToHashSet();
        operations.Where(operation => !methods.Contains(operation.Id)).ShouldBeEmpty();

        var calls = new Calls();
        using var http = new HttpClient(calls) { BaseAddress = Host.Url };
        http.DefaultRequestHeaders.Authorization = Host.Http.DefaultRequestHeaders.Authorization;
        using var client = new TopupClient(http);
        await CallEverything(client);

        var called = operations.Where(operation => calls.Seen.Any(call => call.Method == operation.Method && Shape(operation.Path).IsMatch(call.Path)));
        operations.Except(called).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_write_of_the_description_names_its_idempotency_key()
    {
        var description = JsonNode.Parse(await Host.Http.GetStringAsync("/openapi/v1.json", Stop))!;
        string[] without = ["ConsumeBatch", "CheckCredits", "DryRunPlanChange", "DryRunExpiry", "DryRunDraw", "DryRunAddOn", "VerifyLedger", "CreateApiKey", "CheckPurchase", "CheckPaymentMethod", "CancelPurchase", "ResumeAutoTopUp",
            "CreateWebhookEndpoint", "RotateWebhookSecret", "TestWebhookEndpoint", "ResendWebhookDelivery", "ReplayWebhookEvents", "TestWorkflow", "RetryWorkflowRun", "SendMessageBatch", "ResolveMessage", "TestMessageDriver", "FindSuppressions",
            "InviteStaff", "MakeStaffResetLink", "CreatePortalSession", "CancelImport"];
        foreach (var (path, methods) in description["paths"]!.AsObject())
        {
            if (methods!["post"] is not { } post || without.Contains((string)post["operationId"]!)) continue;
            var names = post["parameters"]!.AsArray().Select(parameter => ((string)parameter!["name"]!, (bool?)parameter["required"]));
            names.ShouldContain(("Idempotency-Key", true), path);
        }
    }

    private async Task CallEverything(TopupClient client)
    {
        var (type, money, plan, pack, tenant) =
            (Host.NewName("type"), Host.NewName("money"), Host.NewName("plan"), Host.NewName("pack"), Host.NewName("tenant"));
        await client.SaveCreditType(type, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0 }, stop: Stop);
        await client.SaveCreditType(money, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 2, Currency = "USD" }, stop: Stop);
        await client.GetCreditType(type, Stop);
        await client.ListCreditTypesPage(stop: Stop);
        await client.SavePlan(plan, new PlanRequest { Name = "x", Allowances = new Dictionary<string, decimal>() }, stop: Stop);
        await client.GetPlan(plan, Stop);
        await client.ListPlansPage(stop: Stop);
        await client.SavePack(pack, new PackRequest { Type = type, Name = "x", Price = 1, Currency = "USD", Credits = 10 }, stop: Stop);
        await client.GetPack(pack, Stop);
        await client.ListPacksPage(stop: Stop);
        var (tomorrow, card) = (Host.Clock.GetUtcNow().AddDays(1), Host.NewName("card"));
        await client.SaveRateCard(card, new RateCardRequest { EffectiveFrom = tomorrow, Rates = [new RateTerms { UsageType = "x", Type = type, Price = 1 }] }, stop: Stop);
        await client.GetRateCard(card, Stop);
        await client.ListRateCardsPage(stop: Stop);
        await client.DeleteRateCard(card, stop: Stop);
        await client.GetPlanRates(plan, stop: Stop);
        await client.SaveTenant(tenant, new TenantRequest { Name = "x", Plan = null }, stop: Stop);
        await client.GetTenantRates(tenant, stop: Stop);
        await client.DryRunPlanChange(new DryRunPlanChangeRequest { Tenant = tenant, Plan = plan }, Stop);
        await client.DryRunExpiry(new DryRunExpiryRequest { Tenant = tenant, At = tomorrow }, Stop);
        await client.DryRunDraw(new DryRunDrawRequest { Tenant = tenant, Uses = [new DryRunUse { Type = type }] }, Stop);
        await client.GetTenant(tenant, Stop);
        await client.ListTenantsPage(stop: Stop);
        await client.GrantCredits(new GrantRequest { Tenant = tenant, Type = money, Amount = 1, Source = "transfer" }, stop: Stop);
        var bought = await client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, stop: Stop);
        await client.GetPurchase(bought.Id, Stop);
        await client.ListPurchasesPage(tenant, stop: Stop);
        await client.ListAllPurchasesPage(stop: Stop);
        await client.ListPurchaseSteps(bought.Id, Stop);
        await client.CheckPurchase(bought.Id, Stop);
        await client.CancelPurchase(bought.Id, Stop);
        await client.ListRefunds(bought.Id, Stop);
        (await Should.ThrowAsync<TopupException>(client.RefundPurchase(bought.Id, new RefundRequest { Amount = 9, Reason = "x" }, stop: Stop)))
            .Code.ShouldBe("purchase_not_refundable");
        (await Should.ThrowAsync<TopupException>(client.ReviewPurchase(bought.Id, new ReviewRequest { Decision = "credit", Reason = "x" }, stop: Stop)))
            .Code.ShouldBe("purchase_not_in_review");
        var consent = new ConsentRequest { By = "x", Words = "x" };
        await client.SaveAutoTopUp(tenant, type, new AutoTopUpRequest { Threshold = 5, Pack = pack, Method = "balance", MonthlyCap = 1, Consent = consent }, stop: Stop);
        await client.GetAutoTopUp(tenant, type, Stop);
        await client.ListAutoTopUps(tenant, Stop);
        await client.ResumeAutoTopUp(tenant, type, stop: Stop);
        await client.DeleteAutoTopUp(tenant, type, stop: Stop);
        await client.ListSavedCards(tenant, Stop);
        (await Should.ThrowAsync<TopupException>(client.DeleteSavedCard(tenant, "stripe", stop: Stop))).Code.ShouldBe("card_unknown");
        await client.GetReceipt(bought.Id, Stop);
        await client.GetReceiptPage(bought.Id, Stop);
        await client.GetReceiptPdf(bought.Id, Stop);
        var reconciled = await client.RunReconciliation(stop: Stop);
        await client.GetReconciliation(reconciled.Id, Stop);
        await client.ListReconciliationsPage(stop: Stop);
        var imported = (await client.StartImport("tenants", System.Text.Encoding.UTF8.GetBytes($"id,name,plan\n{Host.NewName("tenant")},x,\n"), stop: Stop)).Import!;
        await client.GetImport(imported.Id, Stop);
        await client.ListImportsPage(stop: Stop);
        (await client.ExportImportFailures(imported.Id, Stop)).Dispose();
        await Should.ThrowAsync<TopupException>(client.CancelImport("nothing", stop: Stop));
        await client.SaveMoneySettings(await client.GetMoneySettings(Stop), stop: Stop);
        await client.SaveBusinessSettings(await client.GetBusinessSettings(Stop), stop: Stop);
        await client.SaveCheckoutSettings(await client.GetCheckoutSettings(Stop), stop: Stop);
        await client.SaveAddOnSettings(await client.GetAddOnSettings(Stop), stop: Stop);
        await client.SaveTimeZone(new TimeZoneRequest { TimeZone = (await client.GetTimeZone(Stop)).TimeZoneInForce }, stop: Stop);
        await client.CheckPaymentMethod("balance", Stop);
        await client.SaveBrandSettings(await client.GetBrandSettings(Stop), stop: Stop);
        var addOn = Host.NewName("addon");
        await client.SaveAddOn(addOn, new AddOnRequest { Name = "x", Price = 1, Type = type }, stop: Stop);
        await client.GetAddOn(addOn, Stop);
        await client.ListAddOnsPage(stop: Stop);
        await client.DryRunAddOn(new AddOnDryRunRequest { Tenant = tenant, Addon = addOn, Action = "enable" }, Stop);
        await client.EnableAddOn(tenant, addOn, stop: Stop);
        await client.GetTenantAddOns(tenant, Stop);
        await client.DisableAddOn(tenant, addOn, stop: Stop);
        await client.DeleteAddOn(addOn, stop: Stop);
        var (channel, driver) = (Host.NewName("channel"), Host.NewName("driver"));
        await client.SaveCreditType(Host.NewName("type"), new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, Channel = channel }, stop: Stop);
        await client.SaveMessageDriver(driver, new MessageDriverRequest { Kind = "log", Channel = channel }, stop: Stop);
        await client.GetMessageDriver(driver, Stop);
        await client.ListMessageDrivers(Stop);
        await client.TestMessageDriver(driver, new TestMessageDriverRequest { To = "x" }, Stop);
        var sent = await client.SendMessage(new MessageRequest { Tenant = tenant, Channel = channel, To = "x", Text = "x" }, stop: Stop);
        await client.SendMessageBatch(new MessageBatchRequest { Items = [new MessageItem { Key = "m", Tenant = tenant, Channel = channel, To = "x", Text = "x" }] }, Stop);
        await client.GetMessage(sent.Message.Id, Stop);
        await client.ListMessagesPage(tenant, stop: Stop);
        await client.GetStoppedMessages(tenant, Stop);
        (await Should.ThrowAsync<TopupException>(client.ResolveMessage(sent.Message.Id, new ResolveMessageRequest { Outcome = "sent", Reason = "x" }, Stop)))
            .Code.ShouldBe("message_not_unknown");
        await client.ListAllMessagesPage(tenant: tenant, stop: Stop);
        await client.DeleteMessageDriver(driver, stop: Stop);
        var template = Host.NewName("template");
        await client.SaveMessageTemplate(template, new MessageTemplateRequest { Channel = channel, Text = "{x}" }, stop: Stop);
        await client.GetMessageTemplate(template, Stop);
        await client.ListMessageTemplatesPage(stop: Stop);
        await client.DeleteMessageTemplate(template, stop: Stop);
        var suppression = await client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = "x" }, stop: Stop);
        await client.GetSuppression(suppression.Id, Stop);
        await client.FindSuppressions(new SuppressionRequest { Channel = channel, Recipient = "x" }, Stop);
        await client.ListSuppressionsPage(stop: Stop);
        await client.DeleteSuppression(suppression.Id, stop: Stop);
        await client.ListPaymentMethods(Stop);
        await client.SavePaymentMethod("balance", new PaymentMethodRequest { Enabled = true }, stop: Stop);
        await client.CheckCredits(new ConsumeRequest { Tenant = tenant, Type = type }, Stop);
        var used = await client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type }, stop: Stop);
        await client.ConsumeBatch(new ConsumeBatchRequest { Items = [new ConsumeItem { Key = "k", Tenant = tenant, Type = type }] }, Stop);
        await client.ReverseEntry(new ReversalRequest { Entry = used.Entry! }, stop: Stop);
        var first = await client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type }, stop: Stop);
        await client.GetHold(first.Hold!, Stop);
        await client.CaptureHold(first.Hold!, new CaptureRequest { Amount = 1 }, stop: Stop);
        var second = await client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type }, stop: Stop);
        await client.ReleaseHold(second.Hold!, stop: Stop);
        await client.ListHoldsPage(tenant, stop: Stop);
        await client.SaveLimit(tenant, "calls", new LimitRequest { UsageType = "call", Off = true }, stop: Stop);
        await client.ListLimits(tenant, Stop);
        await client.DeleteLimit(tenant, "calls", stop: Stop);
        await client.ListGrantsPage(tenant, stop: Stop);
        await client.VoidGrant(bought.Lot!, new VoidRequest { Reason = "x" }, stop: Stop);
        await client.SaveAlerts(tenant, type, new AlertRequest { LowPercent = [50] }, stop: Stop);
        await client.GetAlerts(tenant, type, Stop);
        await client.ListAlerts(tenant, Stop);
        await client.DeleteAlerts(tenant, type, stop: Stop);
        await client.GetUsage(tenant, stop: Stop);
        await client.GetOperatorUsage(stop: Stop);
        await client.GetUsagePeaks(tenant, type, Stop);
        await client.GetForecast(tenant, stop: Stop);
        await client.ListPools(tenant, Stop);
        await client.GetPool(tenant, type, Stop);
        await client.ListEntriesPage(tenant, stop: Stop);
        await client.ListEventsPage(stop: Stop);
        var hook = new WebhookEndpointRequest { Url = "https://localhost/", Events = ["*"] };
        var endpoint = (await client.CreateWebhookEndpoint(hook, stop: Stop)).Id;
        await client.GetWebhookEndpoint(endpoint, Stop);
        await client.ListWebhookEndpointsPage(stop: Stop);
        await client.SaveWebhookEndpoint(endpoint, hook, stop: Stop);
        await client.RotateWebhookSecret(endpoint, stop: Stop);
        await client.TestWebhookEndpoint(endpoint, Stop);
        await client.ReplayWebhookEvents(endpoint, new WebhookReplayRequest { From = Host.Clock.GetUtcNow() }, stop: Stop);
        await client.ListWebhookDeliveriesPage(endpoint, stop: Stop);
        (await Should.ThrowAsync<TopupException>(client.ResendWebhookDelivery(endpoint, "x", stop: Stop))).Code.ShouldBe("webhook_delivery_unknown");
        await client.DeleteWebhookEndpoint(endpoint, stop: Stop);
        var flow = Host.NewName("flow");
        var notice = new WorkflowAction { Kind = "email", To = "operator", Subject = "x", Text = "x" };
        await client.SaveWorkflow(flow, new WorkflowRequest { Name = "x", Event = "credits.low", Actions = [notice] }, stop: Stop);
        await client.GetWorkflow(flow, Stop);
        await client.ListWorkflowsPage(stop: Stop);
        await client.TestWorkflow(flow, new WorkflowTestRequest(), Stop);
        await client.ListWorkflowRunsPage(flow, stop: Stop);
        (await Should.ThrowAsync<TopupException>(client.GetWorkflowRun("x", Stop))).Code.ShouldBe("workflow_run_unknown");
        (await Should.ThrowAsync<TopupException>(client.RetryWorkflowRun("x", stop: Stop))).Code.ShouldBe("workflow_run_unknown");
        await client.ListWorkflowEvents(Stop);
        await client.ListWorkflowPresets(Stop);
        await client.DeleteWorkflow(flow, stop: Stop);
        await client.SaveOperatorContact(await client.GetOperatorContact(Stop), stop: Stop);
        await client.VerifyLedger(tenant, Stop);
        await client.VerifyLedger(stop: Stop);
        await client.GetVerification(Stop);
        var key = await client.CreateApiKey(new ApiKeyRequest { Name = "x", Scopes = ["read"] }, stop: Stop);
        await client.ListApiKeysPage(stop: Stop);
        await client.RevokeApiKey(key.Id, stop: Stop);
        var person = await client.InviteStaff(new StaffInvitation { Email = Host.NewName("person") + "@example.com", Role = "support" }, stop: Stop);
        await client.ListStaffPage(stop: Stop);
        await client.SaveStaff(person.Id, new StaffRequest { Role = "manager", Enabled = true }, stop: Stop);
        await client.MakeStaffResetLink(person.Id, new StaffResetRequest(), stop: Stop);
        await client.CreatePortalSession(new PortalSessionRequest { Tenant = tenant, Scopes = ["view"] }, Stop);
        await client.SavePortalSettings(await client.GetPortalSettings(Stop), stop: Stop);
        await client.ListAuditPage(stop: Stop);
        await client.DeletePack(pack, stop: Stop);
        await client.DeletePlan(plan, stop: Stop);
        var unused = Host.NewName("type");
        await client.SaveCreditType(unused, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0 }, stop: Stop);
        await client.DeleteCreditType(unused, stop: Stop);
    }

    private static Regex Shape(string path) => new("^" + Regex.Replace(path, "\\{[^}]+\\}", "[^/]+") + "$");

    private static string Normal(string json) => JsonNode.Parse(json)!.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    private static string Approved([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "openapi.json");

    private sealed class Calls() : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<(string Method, string Path)> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add((request.Method.Method, request.RequestUri!.AbsolutePath));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
