using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;

namespace Topup.Web.Tests;

/// <summary>A page as one person sees it, and what must hold for every page at every time.</summary>
internal sealed class PageUnderTest : IAsyncDisposable
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "tests", "oracles", "node_modules", "axe-core", "axe.min.js"));

    private const string LanguageCookie = "topup-language";

    /// <summary>What htmx takes away and brings again, and cannot give the focus back to.</summary>
    private const string ForgottenByFocus =
        """
        () => [...document.querySelectorAll('[hx-get]')]
            .flatMap(e => [...(e.hasAttribute('hx-target') ? document.querySelector(e.getAttribute('hx-target')) : e).querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary, [tabindex]')])
            .filter(e => !e.id && !e.closest('[inert]')).map(e => e.outerHTML.slice(0, 120))
        """;

    /// <summary>Set it to have a picture of every page that is asked, and not only of one that is unsound.</summary>
    private static readonly bool TakesPictures = Environment.GetEnvironmentVariable("TOPUP_SCREENS") is { Length: > 0 };

    private readonly IBrowserContext context;
    private readonly Uri server;
    private readonly List<string> complaints = [];
    private Look look;

    private PageUnderTest(IBrowserContext context, IPage page, Uri server, Look look)
    {
        (this.context, Page, this.server, this.look) = (context, page, server, look);
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
        await Remember(context, server, look);
        return new PageUnderTest(context, await context.NewPageAsync(), server, look);
    }

    public async Task<IResponse> Go(string path) => (await Page.GotoAsync(path))!;

    /// <summary>
    /// Asks of pages in every look that they are sound. Two browsers see them: one with script, whose owner turns off the light,
    /// takes a small screen and changes the language, and one without.
    /// </summary>
    /// <param name="open">A browser of this look for whom the pages are.</param>
    public static async Task ShouldBeSoundInEveryLook(Func<Look, Task<PageUnderTest>> open, params (string Path, string Name)[] pages)
    {
        await using (var page = await open(Look.Light))
            foreach (var (path, name) in pages)
            {
                // A new language is a new page; light and width are not, and the page takes them over by itself.
                foreach (var looks in (Look[][])[[Look.Light, Look.DarkRoom, Look.Narrow], [Look.RightToLeft], [Look.Stretched]])
                {
                    await page.Take(looks[0]);
                    await page.Go(path);
                    foreach (var look in looks)
                    {
                        await page.Take(look);
                        await page.ShouldBeAsTheLookSays(name);
                        await page.ShouldBeSound(name);
                    }
                }
            }
        await using var plain = await open(Look.WithoutScript);
        foreach (var (path, name) in pages)
        {
            await plain.Go(path);
            await plain.ShouldBeSound(name);
        }
    }

    /// <summary>
    /// What must hold for a page as it stands: nothing that axe calls a violation, no complaint of the browser, nothing wider
    /// than the screen. A picture of one that is unsound is left in <c>artifacts/screens</c>.
    /// </summary>
    public async Task ShouldBeSound(string name)
    {
        if (TakesPictures) await Picture(name);
        try
        {
            complaints.ShouldBeEmpty($"{name}, {look.Name}");
            (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, $"{name} is wider than the screen, {look.Name}");
            (await Page.EvaluateAsync<string[]>(ForgottenByFocus)).ShouldBeEmpty($"{name}, {look.Name}: refreshed by itself, and then without the focus that was on it, for it has no id");
            if (look.Script) (await Violations()).ShouldBeEmpty($"{name}, {look.Name}");
        }
        catch (ShouldAssertException)
        {
            await Picture(name);
            throw;
        }
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

    /// <summary>A look that a page did not take over would prove nothing.</summary>
    private async Task ShouldBeAsTheLookSays(string name)
    {
        var shown = await Page.EvaluateAsync<string>(
            "(({ documentElement: html, body }) => [html.dataset.bsTheme, html.dir, innerWidth, /[áéíóú]/.test(body.textContent) ? 'strange' : 'English'].join(' '))(document)");
        shown.ShouldBe($"{(look.Dark ? "dark" : "light")} {(look == Look.RightToLeft ? "rtl" : "ltr")} {look.Width} {(look.Language is null ? "English" : "strange")}", $"{name}, {look.Name}");
    }

    /// <summary>The same browser in another light, on another screen, in another language.</summary>
    private async Task Take(Look other)
    {
        if (other.Script != look.Script) throw new ArgumentException("Script is switched on and off for a new browser only.");
        if (other.Dark != look.Dark)
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = other.Dark ? ColorScheme.Dark : ColorScheme.Light });
            await Page.WaitForFunctionAsync("theme => document.documentElement.dataset.bsTheme === theme", other.Dark ? "dark" : "light");
        }
        if ((other.Width, other.Height) != (look.Width, look.Height)) await Page.SetViewportSizeAsync(other.Width, other.Height);
        if (other.Language != look.Language) await Remember(context, server, other);
        look = other;
    }

    /// <summary>What the look's language leaves in a browser.</summary>
    private static async Task Remember(IBrowserContext context, Uri server, Look look)
    {
        await context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = LanguageCookie });
        if (look.Language is { } language) await context.AddCookiesAsync([new Cookie { Name = LanguageCookie, Value = language, Url = server.ToString() }]);
    }

    private async Task<IEnumerable<string>> Violations()
    {
        if (!await Page.EvaluateAsync<bool>("'axe' in window")) await Page.EvaluateAsync(Axe);
        var found = await Page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })).violations" +
            ".map(violation => violation.id + ': ' + violation.nodes.map(node => node.html.slice(0, 160) + ' ' + node.failureSummary).slice(0, 3).join(' | '))");
        return found.EnumerateArray().Select(violation => violation.GetString()!);
    }

    private async Task Picture(string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "screens", look.Name);
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
