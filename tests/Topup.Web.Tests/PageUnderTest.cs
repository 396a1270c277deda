using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;

namespace Topup.Web.Tests;

/// <summary>A page as one person sees it, and what must hold for every page at every time.</summary>
internal sealed class PageUnderTest : IAsyncDisposable
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "tests", "oracles", "node_modules", "axe-core", "axe.min.js"));

    /// <summary>What htmx takes away and brings again, and cannot give the focus back to.</summary>
    private const string ForgottenByFocus =
        """
        () => [...document.querySelectorAll('[hx-get]')]
            .flatMap(e => [...(e.hasAttribute('hx-target') ? document.querySelector(e.getAttribute('hx-target')) : e).querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary, [tabindex]')])
            .filter(e => !e.id && !e.closest('[inert]')).map(e => e.outerHTML.slice(0, 120))
        """;

    private readonly IBrowserContext context;
    private readonly Look look;
    private readonly List<string> complaints = [];

    private PageUnderTest(IBrowserContext context, IPage page, Look look)
    {
        (this.context, Page, this.look) = (context, page, look);
        // A policy that holds something back says so here, and so does a script that fails.
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("the server responded with a status of", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    public static async Task<PageUnderTest> Open(Browser browser, Uri server, Look look)
    {
        var context = await browser.Open(look, server);
        if (look.Language is { } language)
            await context.AddCookiesAsync([new Cookie { Name = "topup-language", Value = language, Url = server.ToString() }]);
        return new PageUnderTest(context, await context.NewPageAsync(), look);
    }

    public async Task<IResponse> Go(string path) => (await Page.GotoAsync(path))!;

    /// <summary>
    /// What must hold for a page as it stands: nothing that axe calls a violation, no complaint of the browser, nothing wider
    /// than the screen. A picture of it is left in <c>artifacts/screens</c>.
    /// </summary>
    public async Task ShouldBeSound(string name)
    {
        await Picture(name);
        complaints.ShouldBeEmpty($"{name}, {look.Name}");
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, $"{name} is wider than the screen, {look.Name}");
        (await Page.EvaluateAsync<string[]>(ForgottenByFocus)).ShouldBeEmpty($"{name}, {look.Name}: refreshed by itself, and then without the focus that was on it, for it has no id");
        if (!look.Script) return;
        await Page.EvaluateAsync(Axe);
        var found = await Page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations" +
            ".map(violation => violation.id + ': ' + violation.nodes.map(node => node.html.slice(0, 160) + ' ' + node.failureSummary).slice(0, 3).join(' | '))");
        found.EnumerateArray().Select(violation => violation.GetString()).ShouldBeEmpty($"{name}, {look.Name}");
    }

    /// <summary>
    /// No words are cut off or too small, tables alone are moved sideways, and what stays on the screen while the page is moved leaves two thirds of
    /// it to the rest.
    /// </summary>
    public async Task ShouldBeWhole(string name)
    {
        var wrong = await Page.EvaluateAsync<string[]>(
            """
            () => {
                const wrong = [], words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                const isHidden = e => !e.checkVisibility({ visibilityProperty: true }) || e.closest('.visually-hidden, .skip, script, option, title');
                while (words.nextNode()) {
                    const text = words.currentNode, parent = text.parentElement;
                    if (!text.data.trim() || isHidden(parent)) continue;
                    const range = document.createRange();
                    range.selectNodeContents(text);
                    for (const box of range.getClientRects()) {
                        let e = parent, isMoved = false;
                        for (; e && e !== document.body && !isMoved; e = e.parentElement) {
                            const style = getComputedStyle(e), clip = e.getBoundingClientRect();
                            isMoved = style.overflowX === 'auto' || style.overflowX === 'scroll';
                            if (isMoved && !e.matches('.table-scroll, .panel-menu')) wrong.push('moved sideways: ' + text.data.trim());
                            const isClipped = overflow => overflow === 'hidden' || overflow === 'clip';
                            if (isClipped(style.overflowX) && (box.left < clip.left - 1 || box.right > clip.right + 1)) wrong.push('cut at the side: ' + text.data.trim());
                            if (isClipped(style.overflowY) && (box.top < clip.top - 1 || box.bottom > clip.bottom + 1)) wrong.push('cut above or below: ' + text.data.trim());
                        }
                        if (parent.closest('svg') && box.height < 10) wrong.push('too small: ' + text.data.trim());
                        if (!isMoved && (box.left < -1 || box.right > document.documentElement.clientWidth + 1)) wrong.push('beside the screen: ' + text.data.trim());
                    }
                }
                for (const e of document.body.querySelectorAll('*')) {
                    const { position } = getComputedStyle(e), box = e.getBoundingClientRect();
                    if ((position === 'fixed' || position === 'sticky') && e.checkVisibility() && !e.matches('.skip') && box.height * box.width > innerWidth * innerHeight / 3) wrong.push('covers: ' + e.className);
                }
                return wrong;
            }
            """);
        wrong.ShouldBeEmpty($"{name}, {look.Name}");
    }

    public async Task Picture(string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "screens", look.Name);
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
