using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Topup.Server.Imports;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>A panel whose imports go on only when a test says so.</summary>
public sealed class SqliteImportPanel(Browser browser) : PanelFixture(browser, DatabaseKind.Sqlite, "--Topup:ImportEverySeconds=86400");

/// <summary>Imports as the operator's staff starts and watches them.</summary>
public sealed class ImportPagesTests(SqliteImportPanel panel) : IClassFixture<SqliteImportPanel>
{
    private TestHost Host => panel.Host;

    private ImportWorker Worker => Host.Services.GetRequiredService<ImportWorker>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_imports_are_sound_in_every_look()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        var csv = "tenant,type,amount,reason\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"{(i % 50 == 7 ? "nobody-" + i : tenant)},{type},1,moved\n"));
        var (running, done, canceled) = (await Start(csv), await Start(csv), await Start(csv));
        await Host.Client.CancelImport(canceled, stop: Stop);
        await Worker.RunPart(Stop);
        await using (var page = await panel.OpenAsOwner(Look.Light))
        {
            await Send(page, "grants", csv);
            page.Page.Url.ShouldContain("/admin/imports/");
        }
        var waiting = (await Host.Client.ListImportsPage(stop: Stop)).Data.First(import => import.Status == "checked");
        await panel.ShouldBeSoundInEveryLook(
            ("/admin/imports", "imports"), ("/admin/imports?kind=grants", "imports-grants"), ("/admin/imports/" + waiting.Id, "import-checked"),
            ("/admin/imports/" + running, "import-running"), ("/admin/imports/" + done, "import-waiting"), ("/admin/imports/" + canceled, "import-canceled"));
        await Worker.Run(Stop);
        await panel.ShouldBeSoundInEveryLook("/admin/imports/" + done, "import-done");
    }

    [Fact]
    public async Task A_file_is_checked_seen_started_and_watched_without_script_and_over_reloads()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/tenants");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Import", Exact = true }).ClickAsync();

        await Send(page, "grants", $"tenant,type,amount\n{tenant},{type},1\n{tenant},{type},x\n,{type},1\n");
        await page.Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "tenant must not be empty." }).WaitForAsync();
        (await page.Page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "amount must be a number" }).TextContentAsync())!.ShouldContain("3");
        await page.ShouldBeSound("imports-wrong");

        await Send(page, "grants", "tenant,type,amount\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"{(i == 249 ? "nobody" : tenant)},{type},1\n")));
        await page.Page.GetByText("Nothing was done yet.").WaitForAsync();
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(5);
        await Worker.Run(Stop);
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(0);

        await Press(page, "Import 250 rows");
        await page.Page.GetByText("0 % of the rows: 0 of 250").WaitForAsync();
        await Worker.RunPart(Stop);
        await page.Page.ReloadAsync();
        await page.Page.GetByText("40 % of the rows: 100 of 250").WaitForAsync();
        (await page.Page.Locator("progress").GetAttributeAsync("value")).ShouldBe("100");
        (await page.Page.ContentAsync()).ShouldContain("http-equiv=\"refresh\"");
        await Worker.Run(Stop);
        await page.Page.ReloadAsync();
        await page.Page.GetByText("100 % of the rows: 250 of 250").WaitForAsync();
        (await page.Page.ContentAsync()).ShouldNotContain("http-equiv=\"refresh\"");
        await page.Page.GetByText("There is no tenant of this id.").WaitForAsync();
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "As CSV" }).ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        (await reader.ReadToEndAsync(Stop)).ShouldContain("nobody,");
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(249);
    }

    [Fact]
    public async Task The_bar_moves_by_itself_and_the_button_to_cancel_keeps_the_keyboard()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/imports?kind=grants");
        await page.Page.Locator("#import-file").SetInputFilesAsync(File("tenant,type,amount\n" + string.Concat(Enumerable.Repeat($"{tenant},{type},1\n", 250))));
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check the file" }).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import 250 rows" }).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.GetByText("0 % of the rows: 0 of 250").WaitForAsync();
        await page.Page.Locator("#cancel-import").FocusAsync();

        await Worker.RunPart(Stop);
        await page.Page.GetByText("40 % of the rows: 100 of 250").WaitForAsync();
        (await page.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("cancel-import");
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.GetByText("Not begun").WaitForAsync();
        await Worker.Run(Stop);
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(100);
    }

    [Fact]
    public async Task Many_credits_ask_for_the_password_again_and_the_same_file_is_told_of()
    {
        var (type, tenant) = (await Host.NewType(), await Host.NewTenant());
        var csv = $"tenant,type,amount\n{tenant},{type},600\n{tenant},{type},600\n";
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        Host.Clock.Advance(TimeSpan.FromMinutes(11));
        await Send(page, "grants", csv);
        await Press(page, "Import 2 rows");
        page.Page.Url.ShouldContain("/admin/confirm");
        await page.Page.GetByLabel("Password").FillAsync(PanelFixture.Password);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Go on" }).ClickAsync();
        page.Page.Url.ShouldContain("/admin/imports/");
        await Press(page, "Import 2 rows");
        await page.Page.GetByText("0 % of the rows: 0 of 2").WaitForAsync();
        await Worker.Run(Stop);
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(1_200);

        await Send(page, "grants", csv);
        await page.Page.GetByText("This very file was imported before.").WaitForAsync();
        await Press(page, "Do not import it");
        await Worker.Run(Stop);
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(1_200);
    }

    [Fact]
    public async Task Who_only_supports_sees_imports_and_starts_none()
    {
        var id = await Start($"tenant,type,amount\n{await Host.NewTenant()},{await Host.NewType()},1\n");
        await using var page = await panel.OpenAsNew(Look.Light, "support");
        (await page.Go("/admin/imports")).Status.ShouldBe(200);
        (await page.Page.Locator("#import-file").CountAsync()).ShouldBe(0);
        (await page.Go("/admin/imports/" + id)).Status.ShouldBe(200);
        (await page.Page.Locator("#cancel-import").CountAsync()).ShouldBe(0);
        (await page.Go("/admin/imports/nothing")).Status.ShouldBe(404);
        await Worker.Run(Stop);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_with_the_limit_and_a_template_is_in_order()
    {
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await Send(page, "tenants", "id,name,plan\n" + new string('x', 10_000_000));
        await page.Page.GetByText("The file is larger than 10000000 bytes.").WaitForAsync();
        foreach (var kind in (string[])["tenants", "grants"])
        {
            var file = await page.Page.APIRequest.GetAsync(Host.Url + $"admin/imports/{kind}.csv");
            (await Host.Client.CheckImport(kind, await file.BodyAsync(), Stop)).Errors.ShouldBeEmpty();
        }
    }

    /// <summary>A second later than the one before, so that it comes behind it.</summary>
    private async Task<string> Start(string csv)
    {
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await Host.Client.StartImport("grants", Encoding.UTF8.GetBytes(csv), stop: Stop)).Import!.Id;
    }

    private static FilePayload File(string csv) => new() { Name = "rows.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) };

    private static async Task Send(PageUnderTest page, string kind, string csv)
    {
        await page.Go("/admin/imports?kind=" + kind);
        await page.Page.Locator("#import-file").SetInputFilesAsync(File(csv));
        await Press(page, "Check the file");
    }

    private static Task Press(PageUnderTest page, string button) =>
        page.Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
}
