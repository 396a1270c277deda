using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

public sealed class DoubleSubmitOnSqlite(SqlitePanel panel) : DoubleSubmitTests(panel), IClassFixture<SqlitePanel>;

public sealed class DoubleSubmitOnPostgres(PostgresPanel panel) : DoubleSubmitTests(panel), IClassFixture<PostgresPanel>;

/// <summary>Forms that make something, sent twice at once and a third time: one thing is made, and every answer says the same.</summary>
public abstract class DoubleSubmitTests
{
    private const string Send =
        """
        async ([name, shown]) => {
            const form = [...document.forms].find(form => form.querySelector('[name=_handler]')?.value === name);
            const send = async () => {
                const answer = await fetch(location.href, { method: 'POST', body: new FormData(form) });
                const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
                return { status: answer.status, path: new URL(answer.url).pathname, shown: page.querySelector(shown)?.textContent ?? '', wrong: page.querySelector('.invalid-feedback, .alert-danger')?.textContent ?? '' };
            };
            return [...await Promise.all([send(), send()]), await send()];
        }
        """;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private protected DoubleSubmitTests(PanelFixture panel) => Panel = panel;

    private PanelFixture Panel { get; }

    private TestHost Host => Panel.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, string> Forms => new()
    {
        { "/admin/credit-types/~new", "type", "name=Twice;unit=mail", "/admin/credit-types" },
        { "/admin/plans/~new", "plan", "name=Twice", "/admin/plans" },
        { "/admin/packs/~new", "pack", "name=Twice;price=10;credits=100", "/admin/packs" },
        { "/admin/rate-cards/~new", "card", "unknown.price=1", "/admin/plans" },
        { "/admin/add-ons/~new", "addon", "name=Twice;price=3", "/admin/add-ons" },
        { "/admin/tenants/~new", "tenant", "name=Twice", "/admin/tenants/*" },
        { "/admin/messages/templates/~new", "template", "channel=sms;text=Hello", "/admin/messages/templates" },
        { "/admin/messages/drivers/~new?kind=log", "driver", "channel=sms", "/admin/messages/drivers/*" },
        { "/admin/workflows/~new?preset=credits-low", "workflow", "name=Twice", "/admin/workflows/*" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_has_a_code_is_made_once_and_every_answer_leads_to_it(string path, string form, string typed, string leadsTo)
    {
        await Host.NewType();
        await Host.NewPlan();
        var code = Host.NewName("twice");
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await Open(page, path, code, typed);
        var answers = await SendThrice(page, form, "h1");
        answers.ShouldAllBe(answer => answer.Wrong == "" && answer.Status == 200);
        answers.Select(answer => answer.Path).ShouldAllBe(at => at == leadsTo.Replace("*", code, StringComparison.Ordinal));
        var made = await Host.Client.ListAudit(stop: Stop).Where(entry => entry.Target == code).ToListAsync(Stop);
        made.Select(entry => entry.Action.Split('.')[1]).ShouldBe(["created"]);

        // Another form is another wish, and what stands there is not written over.
        await Open(page, path, code, typed);
        (await SendThrice(page, form, "h1")).ShouldAllBe(answer => answer.Wrong.Contains("already"));
    }

    [Fact]
    public async Task An_endpoint_is_made_once_and_every_answer_shows_its_secret()
    {
        var url = "https://receiver.example.com/" + Host.NewName("endpoint");
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/webhooks/~new");
        await page.Page.Locator("[name=url]").FillAsync(url);
        var answers = await SendThrice(page, "endpoint", "#secret");
        answers[0].Shown.ShouldStartWith("whsec_");
        answers.Select(answer => answer.Shown).Distinct().Count().ShouldBe(1);
        var made = await Host.Client.ListWebhookEndpoints(stop: Stop).Where(endpoint => endpoint.Url == url).ToListAsync(Stop);
        await page.Go("/admin/webhooks/" + made.ShouldHaveSingleItem().Id);
        var rotated = await SendThrice(page, "rotate", "#secret");
        rotated.Select(answer => answer.Shown).Distinct().ShouldHaveSingleItem().ShouldNotBe(answers[0].Shown);
        (await Host.Client.ListAudit(stop: Stop).CountAsync(entry => entry.Target == made[0].Id && entry.Action == "webhook_endpoint.rotated", Stop)).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_made_once_and_every_answer_shows_it_for_ten_minutes()
    {
        var name = Host.NewName("key");
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/api-keys/new");
        await page.Page.Locator("[name=name]").FillAsync(name);
        var answers = await SendThrice(page, "key", "#key");
        var key = answers.Select(answer => answer.Shown).Distinct().ShouldHaveSingleItem();
        (await Host.Client.ListApiKeys(stop: Stop).CountAsync(made => made.Name == name, Stop)).ShouldBe(1);
        using var http = Host.NewHttp(key);
        (await http.GetAsync(new Uri("/v1/credit-types", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Who goes back and changes what stands there wants another one.
        await page.Page.Locator("[name=name]").FillAsync(name + "-other");
        (await SendThrice(page, "key", "#key")).Select(answer => answer.Shown).Distinct().ShouldHaveSingleItem().ShouldNotBe(key);
        (await Host.Client.ListApiKeys(stop: Stop).CountAsync(made => made.Name == name + "-other", Stop)).ShouldBe(1);

        // The same form in the session of somebody else is another form.
        await using var other = await Panel.OpenAsNew(Look.Light, "owner");
        await other.Go("/admin/api-keys/new");
        await other.Page.Locator("[name=name]").FillAsync(name);
        await page.Page.Locator("[name=name]").FillAsync(name);
        var stolen = await page.Page.Locator("form:has([name=scopes]) [name=_key]").InputValueAsync();
        await other.Page.EvaluateAsync("key => document.querySelectorAll('[name=_key]').forEach(field => field.value = key)", stolen);
        (await SendThrice(other, "key", "#key"))[0].Shown.ShouldNotBe(key);
    }

    [Fact]
    public async Task Somebody_is_invited_once_and_every_answer_shows_the_link_that_works()
    {
        var email = Host.NewName("invited") + "@example.com";
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/staff");
        await page.Page.Locator("[name=email]").FillAsync(email);
        var answers = await SendThrice(page, "invite", "#link");
        answers.ShouldAllBe(answer => answer.Wrong == "");
        var link = answers.Select(answer => answer.Shown).Distinct().ShouldHaveSingleItem();
        await using var invited = await Panel.Open(Look.Light);
        (await invited.Go(link)).Status.ShouldBe(200);
        (await invited.Page.Locator("[name=password]").CountAsync()).ShouldBe(1);

        // On the page that shows the link, the next form is another one.
        var key = await page.Page.Locator("section form [name=_key]").InputValueAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the link" }).ClickAsync();
        await page.Page.Locator("#link").WaitForAsync();
        (await page.Page.Locator("section form [name=_key]").InputValueAsync()).ShouldNotBe(key);
    }

    [Fact]
    public async Task A_link_to_the_portal_is_made_once_and_every_answer_shows_the_link_that_opens()
    {
        await Host.NewPlan();
        var tenant = await Host.NewTenant();
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go($"/admin/tenants/{tenant}/portal");
        var link = (await SendThrice(page, "link", "#link")).Select(answer => answer.Shown).Distinct().ShouldHaveSingleItem();
        await using var buyer = await Panel.Open(Look.Light);
        (await buyer.Go(link)).Status.ShouldBe(200);

        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await SendThrice(page, "link", ".alert-warning")).ShouldAllBe(answer => answer.Shown.Contains("opens no more"));
    }

    private static async Task Open(PageUnderTest page, string path, string code, string typed)
    {
        await page.Go(path);
        await page.Page.Locator("[name=code], [name=slug], [name=id]").First.FillAsync(code);
        foreach (var field in typed.Split(';'))
        {
            var (name, value) = (field.Split('=')[0], field.Split('=')[1]);
            await page.Page.Locator($"[name='{name}']").First.FillAsync(value);
        }
    }

    private static async Task<List<Answer>> SendThrice(PageUnderTest page, string form, string shown) =>
        (await page.Page.EvaluateAsync<JsonElement>(Send, new[] { form, shown })).Deserialize<List<Answer>>(Web)!;

    private sealed record Answer(int Status, string Path, string Shown, string Wrong);
}
