using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;

namespace Topup.Web.Tests;

/// <summary>
/// A person without a mouse, in front of a page. Whatever they stop at on their way must be seen to have the focus, on the screen
/// and uncovered; what they want must be among the stops, in the order of the page.
/// </summary>
internal sealed class Keyboard
{
    /// <summary>More stops than any page has.</summary>
    private const int Patience = 300;

    /// <summary>The parts of a date are stops of one field.</summary>
    private const int PartsOfAField = 8;

    /// <summary>What has the focus, what is wrong with it, and where it stands to what is wanted.</summary>
    private const string Look =
        """
        wanted => {
            if (!wanted.isConnected) return null;
            const at = document.activeElement;
            const isNowhere = !at || at === document.body || at === document.documentElement;
            const isSame = window.lastStop === at;
            window.lastStop = at;
            const name = e => ('<' + e.tagName.toLowerCase() + '> ' + (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent)).replace(/\s+/g, ' ').trim().slice(0, 80);
            const rgba = colour => {
                const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                context.fillStyle = colour;
                context.fillRect(0, 0, 1, 1);
                return [...context.getImageData(0, 0, 1, 1).data];
            };
            const brightness = colour => colour.slice(0, 3).map(part => part / 255).map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
                .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
            const around = e => {
                for (; e; e = e.parentElement) {
                    const colour = rgba(getComputedStyle(e).backgroundColor);
                    if (colour[3] === 255) return colour;
                }
                return [255, 255, 255, 255];
            };
            const isMarked = e => {
                if (!e) return false;
                const style = getComputedStyle(e);
                if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return false;
                const ground = around(e.parentElement), line = rgba(style.outlineColor), share = line[3] / 255;
                const [light, dark] = [brightness(ground), brightness(line.map((part, i) => part * share + ground[i] * (1 - share)))].sort((a, b) => b - a);
                return (light + .05) / (dark + .05) >= 3;
            };
            const isDate = !isNowhere && at.matches('input[type=date], input[type=datetime-local]');
            const wrong = () => {
                // The parts of a date are the browser's own, and marked by it.
                if (isNowhere || (isDate && isSame)) return null;
                // A tile stands for the radio button in it.
                if (!isMarked(at) && !isMarked(at.matches('input[type=radio]') ? at.nextElementSibling : null)) return 'does not show that it has the focus';
                const box = [...at.getClientRects()].find(box => box.width > 0 && box.height > 0);
                if (!box) return 'cannot be seen';
                const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)], [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
                if (right - left < Math.min(box.width, 8) || bottom - top < Math.min(box.height, 8)) return 'is not on the screen';
                const points = [[.5, .5], [.2, .2], [.8, .2], [.2, .8], [.8, .8]].map(([x, y]) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
                const above = points.filter(hit => !(hit && (at.contains(hit) || hit.closest('label')?.control === at)));
                return above.length > 2 ? 'is covered by ' + (above[0] ? name(above[0]) : 'something') : null;
            };
            return {
                what: isNowhere ? 'nothing' : name(at), wrong: wrong(), isNowhere, isSame, isThere: at === wanted, isSkip: !isNowhere && at.matches('.skip'),
                isDate,
                isBehind: !isNowhere && !!(at.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING),
                isInContent: !!wanted.closest('#content'),
            };
        }
        """;

    private readonly IPage page;
    private readonly ILocator scope;

    private Keyboard(IPage page, ILocator scope) => (this.page, this.scope) = (page, scope);

    /// <summary>Whoever is asked by the browser whether they mean it, says yes.</summary>
    public static Keyboard Of(PageUnderTest page)
    {
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        return new Keyboard(page.Page, page.Page.Locator("main"));
    }

    /// <summary>Only what is in one part of the page.</summary>
    public Keyboard In(ILocator part) => new(page, part);

    public Keyboard In(string region) => In(page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = region, Exact = true }));

    /// <summary>What stands around the content too.</summary>
    public Keyboard Anywhere => In(page.Locator("body"));

    /// <summary>Presses a button that leads to another page, or to this one made anew.</summary>
    public async Task Press(string button, bool exact = true)
    {
        await To(Button(button, exact));
        await Leave("Enter");
    }

    /// <summary>Presses a button that stays on the page.</summary>
    public async Task Push(string button)
    {
        await To(Button(button, exact: true));
        await page.Keyboard.PressAsync("Space");
    }

    public async Task Follow(string link, bool exact = true)
    {
        await To(scope.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = link, Exact = exact }));
        await Leave("Enter");
    }

    /// <summary>Opens or closes what can be folded.</summary>
    public async Task Unfold(string summary)
    {
        await To(scope.Locator("summary").Filter(new LocatorFilterOptions { HasText = summary }));
        await page.Keyboard.PressAsync("Space");
    }

    public async Task Type(string label, string text)
    {
        await To(Field(label));
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Sends the form in whose field the focus is.</summary>
    public Task Send() => Leave("Enter");

    public async Task Tick(string label)
    {
        var box = Field(label).First;
        await To(box);
        var before = await box.IsCheckedAsync();
        await page.Keyboard.PressAsync("Space");
        (await box.IsCheckedAsync()).ShouldBe(!before, label);
    }

    /// <summary>Where the focus is, in a form.</summary>
    public Task Enter() => Leave("Enter");

    public async Task Turn(string name)
    {
        await To(scope.GetByRole(AriaRole.Switch, new LocatorGetByRoleOptions { Name = name }));
        await Leave("Space");
    }

    /// <param name="option">Its words or its value.</param>
    public async Task Choose(string label, string option)
    {
        var list = Field(label).First;
        await To(list);
        var steps = await list.EvaluateAsync<int>(
            "(list, wanted) => [...list.options].findIndex(option => option.text.trim() === wanted || option.value === wanted) - list.selectedIndex", option);
        for (var i = 0; i < Math.Abs(steps); i++) await page.Keyboard.PressAsync(steps < 0 ? "ArrowUp" : "ArrowDown");
        (await list.EvaluateAsync<bool>("(list, wanted) => [list.value, list.selectedOptions[0].text.trim()].includes(wanted)", option)).ShouldBeTrue($"{label}: {option}");
    }

    /// <summary>One of several that exclude each other: they are one stop, and arrows go from one to the next.</summary>
    public async Task Pick(string choice)
    {
        var wanted = scope.GetByRole(AriaRole.Radio, new LocatorGetByRoleOptions { Name = choice }).First;
        await To(scope.Locator("input[type=radio]:checked").First);
        for (var i = await scope.Locator("input[type=radio]").CountAsync(); i > 0 && !await wanted.IsCheckedAsync(); i--)
        {
            await page.Keyboard.PressAsync("ArrowDown");
            await ShouldSeeFocus(wanted);
        }
        (await wanted.IsCheckedAsync()).ShouldBeTrue(choice);
    }

    /// <summary>Goes to something, past whatever stands on the way; past the menu by the link that is there for it.</summary>
    public async Task To(ILocator target)
    {
        var wanted = target.First;
        await wanted.WaitForAsync();
        var here = await At(wanted);
        for (var (i, stays) = (0, 0); i < Patience && !here.IsThere; i++)
        {
            var next = await Step(here.IsBehind, wanted);
            if (next.IsSkip && next.IsInContent && here.IsNowhere) next = await Skip(wanted);
            stays = next.IsSame ? stays + 1 : 0;
            stays.ShouldBeLessThanOrEqualTo(next.IsDate ? PartsOfAField : 0, $"{next.What} does not let go of the focus, {page.Url}");
            next.IsNowhere.ShouldBeFalse($"The keyboard leaves the page after {here.What}, and has not come to {target}, {page.Url}");
            (next.IsThere || here.IsNowhere || next.IsBehind == here.IsBehind || next.IsSame).ShouldBeTrue($"The keyboard goes from {here.What} to {next.What} past {target}, {page.Url}");
            here = next;
        }
        here.IsThere.ShouldBeTrue($"The keyboard does not come to {target}, {page.Url}");
    }

    /// <summary>Every stop of the page, from the first to the last.</summary>
    public async Task<int> WalkThrough()
    {
        var body = page.Locator("body");
        for (var i = 0; i < Patience; i++)
        {
            var stop = await Step(back: false, body);
            // After the last stop comes the browser's own window, or the first again where it has none.
            if (stop.IsNowhere || (stop.IsSkip && i > 0)) return i;
        }
        throw new InvalidOperationException($"The keyboard comes to no end, {page.Url}");
    }

    private ILocator Button(string name, bool exact) => scope.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = exact });

    private ILocator Field(string label) => scope.GetByLabel(label, new LocatorGetByLabelOptions { Exact = true });

    private async Task<Stop> Step(bool back, ILocator wanted)
    {
        await page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        return await ShouldSeeFocus(wanted);
    }

    private async Task<Stop> ShouldSeeFocus(ILocator wanted)
    {
        var stop = await At(wanted);
        stop.Wrong.ShouldBeNull($"{stop.What}, {page.Url}");
        return stop;
    }

    private async Task<Stop> Skip(ILocator wanted)
    {
        var before = page.Url.Split('#')[0];
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.activeElement.id === 'content'");
        page.Url.Split('#')[0].ShouldBe(before, "to the content, and nowhere else");
        return await Step(back: false, wanted);
    }

    private async Task Leave(string key)
    {
        await page.EvaluateAsync("() => { window.isLeft = true; }");
        await page.Keyboard.PressAsync(key);
        await page.WaitForFunctionAsync("() => !window.isLeft && document.readyState === 'complete'");
    }

    private async Task<Stop> At(ILocator wanted)
    {
        JsonElement? seen = null;
        // What a page refreshes between finding and looking is found anew.
        while (seen is not { ValueKind: JsonValueKind.Object }) seen = await wanted.EvaluateAsync<JsonElement?>(Look);
        var look = seen.Value;
        bool Is(string name) => look.GetProperty(name).GetBoolean();
        return new Stop(look.GetProperty("what").GetString()!, look.GetProperty("wrong").GetString(), Is("isNowhere"), Is("isSame"), Is("isThere"), Is("isSkip"), Is("isDate"), Is("isBehind"), Is("isInContent"));
    }

    /// <summary>Where the focus is.</summary>
    private sealed record Stop(string What, string? Wrong, bool IsNowhere, bool IsSame, bool IsThere, bool IsSkip, bool IsDate, bool IsBehind, bool IsInContent);
}
