using Microsoft.Playwright;
using Shouldly;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Web.Tests;

public sealed class StaffTests(SqlitePanel panel) : IClassFixture<SqlitePanel>
{
    [Fact]
    public Task Pages_are_sound_in_every_look() => panel.ShouldBeSoundInEveryLook(
        ("/sign-in", "sign-in"), ("/admin/account", "account"), ("/admin/staff", "staff"), ("/admin/confirm", "confirm"), ("/admin/first-steps", "first-steps-of-owner"));

    [Fact]
    public async Task Who_is_not_signed_in_is_asked_to_and_comes_to_where_they_wanted()
    {
        await using var page = await panel.Open(Look.WithoutScript);
        await page.Go("/admin/account");
        page.Page.Url.ShouldContain("/sign-in");
        await SignIn(page, "wrong password of mine");
        await page.Page.GetByText("E-mail or password is wrong.").WaitForAsync();
        await SignIn(page, PanelFixture.Password);
        page.Page.Url.ShouldEndWith("/admin/account");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await page.Go("/admin/account");
        page.Page.Url.ShouldContain("/sign-in");
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    public async Task To_sign_in_leads_nowhere_else(string next)
    {
        await using var page = await panel.Open(Look.Light);
        await page.Go("/sign-in?next=" + Uri.EscapeDataString(next));
        await SignIn(page, PanelFixture.Password);
        page.Page.Url.ShouldStartWith(panel.Host.Url.ToString());
    }

    [Fact]
    public async Task A_form_that_was_not_made_for_this_browser_is_not_taken()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/account");
        await page.Page.EvaluateAsync("document.querySelectorAll('[name=_token]').forEach(field => field.value = 'of another')");
        var answer = await page.Page.RunAndWaitForResponseAsync(() => page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Language" })
            .GetByRole(AriaRole.Button).ClickAsync(), response => response.Request.Method == "POST");
        answer.Status.ShouldBe(400);
        await page.Page.GetByText("nothing was changed").WaitForAsync();
    }

    [Fact]
    public async Task Somebody_is_invited_takes_a_second_factor_and_needs_it()
    {
        await using var owner = await panel.OpenAsOwner(Look.Light);
        await owner.Go("/admin/staff");
        await owner.Page.GetByLabel("E-mail").FillAsync("maya@example.com");
        await owner.Page.Locator("#invite-role").SelectOptionAsync("manager");
        await owner.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the link" }).ClickAsync();
        var link = await owner.Page.Locator("#link").TextContentAsync();
        await owner.ShouldBeSound("staff-invited");

        await using var page = await panel.Open(Look.Light);
        await page.Go(new Uri(link!).PathAndQuery);
        await page.Page.GetByLabel("Your name").FillAsync("Maya Manager");
        await page.Page.GetByLabel("Password").FillAsync("four words of mine");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await SignIn(page, "four words of mine", "maya@example.com");
        (await page.Go("/admin/staff")).Status.ShouldBe(403);
        await page.Go("/admin/account/second-factor");
        var secret = await page.Page.Locator("#secret").TextContentAsync();
        await page.ShouldBeSound("second-factor");
        await page.Page.Locator("[name=code]").FillAsync("000000");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Turn on" }).ClickAsync();
        await page.Page.GetByText("not the code").WaitForAsync();
        await page.Page.Locator("[name=code]").FillAsync(CodeOf(secret!));
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Turn on" }).ClickAsync();
        (await page.Page.Locator("#recovery-codes").TextContentAsync())!.Split('\n').Length.ShouldBe(10);
        await page.ShouldBeSound("recovery-codes");

        await using var later = await panel.Open(Look.Light);
        await later.Go("/sign-in");
        await SignIn(later, "four words of mine", "maya@example.com");
        await later.Page.Locator("[name=code]").WaitForAsync();
        panel.Host.Clock.Advance(TimeSpan.FromSeconds(60));
        await later.Page.GetByLabel("Password").FillAsync("four words of mine");
        await later.Page.Locator("[name=code]").FillAsync(CodeOf(secret!));
        await later.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await later.Page.WaitForURLAsync("**/admin");
        (await page.Go(new Uri(link!).PathAndQuery)).Status.ShouldBe(410);
    }

    private string CodeOf(string secret) => Totp.CodeOf(Totp.SecretOf(secret), Totp.StepAt(Instant.From(panel.Host.Clock.GetUtcNow())));

    private static async Task SignIn(PageUnderTest page, string password, string email = PanelFixture.Email)
    {
        await page.Page.GetByLabel("E-mail").FillAsync(email);
        await page.Page.GetByLabel("Password").FillAsync(password);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
    }
}
