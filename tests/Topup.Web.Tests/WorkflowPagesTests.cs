using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Automation.Workflows;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Web.Tests;

public sealed class WorkflowPagesOnSqlite(SqlitePanel panel) : WorkflowPagesTests(panel), IClassFixture<SqlitePanel>
{
    [Fact]
    public async Task Pages_of_workflows_are_sound_in_every_look()
    {
        await using var receiver = await WebhookReceiver.Start();
        var run = await FailingRun(receiver, "looks");
        await Panel.ShouldBeSoundInEveryLook(
            ("/admin/workflows", "workflows"),
            ("/admin/workflows/~new?preset=credits-low", "workflow-new"),
            ("/admin/workflows/looks", "workflow"),
            ("/admin/workflows/looks/test", "workflow-test"),
            ("/admin/workflows/looks/runs", "workflow-runs"),
            ("/admin/workflows/looks/runs/" + run.Id, "workflow-run"));
    }

    [Fact]
    public async Task Actions_are_added_moved_and_removed_by_buttons_and_keep_what_was_typed()
    {
        var type = await Host.NewType();
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/workflows/~new?event=credits.exhausted");
        await page.Page.Locator("[name=code]").FillAsync("in-order");
        await page.Page.Locator("[name=name]").FillAsync("In order");
        await page.Page.Locator("[name=event]").SelectOptionAsync("credits.exhausted");
        await Add(page, "email");
        await page.Page.Locator("[name='actions[0].subject']").FillAsync("{credit_type} is used up");
        await page.Page.Locator("[name='actions[0].text']").FillAsync("Hello {nobody_at_all}");
        await Add(page, "grant");
        await page.Page.Locator("[name='actions[1].type']").SelectOptionAsync(type);
        await page.Page.Locator("[name='actions[1].amount']").FillAsync("5");
        await Add(page, "pause_tenant");
        await Press(page, "Earlier 2");
        await Press(page, "Remove 3");
        await Press(page, "Save");
        (await page.Page.Locator("[name='actions[0].text']").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.Locator("fieldset legend.h3").AllTextContentsAsync()).ShouldBe(["1. Give credits", "2. Send an e-mail"]);
        await page.Page.Locator("[name='actions[0].text']").FillAsync("Hello {tenant_name}");
        await page.Page.Locator("[name='actions[0].text']").PressAsync("Tab");
        await page.Page.Locator("[name=name]").PressAsync("Enter");
        await page.Page.WaitForURLAsync("**/admin/workflows/in-order");
        var saved = await Host.Client.GetWorkflow("in-order", Stop);
        saved.Actions.Select(action => action.Kind).ShouldBe(["grant", "email"]);
        saved.Actions[1].Text.ShouldBe("Hello {tenant_name}");
        await Press(page, "Delete");
        (await page.Go("/admin/workflows/in-order")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Who_only_supports_sees_no_workflows()
    {
        await using var page = await Panel.OpenAsNew(Look.Light, "support");
        (await page.Go("/admin/workflows")).Status.ShouldBe(403);
        (await page.Go("/admin/workflows/~new")).Status.ShouldBe(403);
    }
}

public sealed class WorkflowPagesOnPostgres(PostgresPanel panel) : WorkflowPagesTests(panel), IClassFixture<PostgresPanel>;

/// <summary>Workflows as the operator's staff builds, tries and follows them.</summary>
public abstract class WorkflowPagesTests
{
    private protected WorkflowPagesTests(PanelFixture panel) => Panel = panel;

    internal PanelFixture Panel { get; }

    internal TestHost Host => Panel.Host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ready_made_rule_is_taken_over_and_tried_and_a_run_that_was_canceled_goes_on()
    {
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/workflows");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Start from it Credits exhausted" }).ClickAsync();
        await Press(page, "Save");
        await page.Page.WaitForURLAsync("**/admin/workflows/credits-exhausted");
        (await Host.Client.GetWorkflow("credits-exhausted", Stop)).ShouldSatisfyAllConditions(
            made => made.Enabled.ShouldBeTrue(), made => made.Actions.Single().Text!.ShouldContain("{topup_link}"), made => made.Conditions.ShouldBeNull());
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Try it" }).ClickAsync();
        (await page.Page.Locator("main pre").First.TextContentAsync())!.ShouldContain("Hello Acme Ltd");
        await page.Go("/admin/workflows");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch off Credits exhausted" }).ClickAsync();
        (await Host.Client.GetWorkflow("credits-exhausted", Stop)).Enabled.ShouldBeFalse();

        await using var receiver = await WebhookReceiver.Start();
        var run = await FailingRun(receiver, "hooked");
        await page.Page.ReloadAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch off hooked" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch on hooked" }).ClickAsync();
        await page.Go("/admin/workflows/hooked/runs?status=canceled");
        await page.Page.Locator("tbody th a").ClickAsync();
        await page.Page.GetByText("1. Call a webhook").WaitForAsync();
        receiver.Answer = context => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "thanks");
        await page.Page.RunAndWaitForResponseAsync(() => Press(page, "Go on with it"), response => response.Request.Method == "POST");
        await Host.Services.GetRequiredService<WorkflowWorker>().Run(CancellationToken.None);
        await page.Page.ReloadAsync();
        (await Host.Client.GetWorkflowRun(run.Id, Stop)).Status.ShouldBe("done");
        (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Go on with it" }).CountAsync()).ShouldBe(0);
    }

    /// <summary>A workflow whose webhook a receiver refuses, and its run, which waits to try again.</summary>
    private protected async Task<WorkflowRunView> FailingRun(WebhookReceiver receiver, string code)
    {
        receiver.Reply(500);
        var (tenant, type) = (await Host.NewTenant(), await Host.NewType());
        await Host.Client.SaveWorkflow(code, new WorkflowRequest
        {
            Name = code, Event = "credits.granted", Conditions = new WorkflowConditionTerms { Tenant = tenant },
            Actions = [new WorkflowAction { Kind = "webhook", Url = receiver.Url, AllowPrivate = true }],
        }, stop: Stop);
        await Host.Grant(tenant, type, 1);
        for (var i = 0; i < 400; i++)
        {
            await Host.Services.GetRequiredService<WorkflowWorker>().Run(CancellationToken.None);
            if ((await Host.Client.ListWorkflowRunsPage(code, stop: Stop)).Data is [{ Actions: [{ Attempts: > 0 }, ..] } run, ..]) return run;
            await Task.Delay(25, Stop);
        }
        throw new InvalidOperationException("The workflow never ran.");
    }

    private protected static async Task Add(PageUnderTest page, string kind)
    {
        await page.Page.GetByLabel("What to add").SelectOptionAsync(kind);
        await Press(page, "Add");
    }

    private protected static Task Press(PageUnderTest page, string button) =>
        page.Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
}
