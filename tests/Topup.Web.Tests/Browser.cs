using Microsoft.Playwright;
using Topup.Web.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Topup.Web.Tests;

/// <summary>One Chromium for all tests; each test has a context of its own, as if it were another person's browser.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    /// <summary>Long for a page, short for a test that waits for what never comes.</summary>
    private const float PatienceMs = 30_000;

    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path)) throw new InvalidOperationException($"The pages are tested in Chromium, and there is none at {Path}. On Debian: apt-get install chromium");
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            // Root may not use the sandbox; and a browser in a test has nobody to report to.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A new person's browser, as they like it.</summary>
    internal async Task<IBrowserContext> Open(Look look, Uri server)
    {
        var context = await chromium!.NewContextAsync(OptionsOf(look, server));
        context.SetDefaultTimeout(PatienceMs);
        return context;
    }

    private static BrowserNewContextOptions OptionsOf(Look look, Uri server) => new()
    {
        BaseURL = server.ToString(),
        ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
        DeviceScaleFactor = look.Scale,
        JavaScriptEnabled = look.Script,
        ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
        Locale = "en-US",
        TimezoneId = "UTC",
        ReducedMotion = ReducedMotion.Reduce,
        // A server of a test signs its certificate itself.
        IgnoreHTTPSErrors = server.Scheme == "https",
    };

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>How somebody looks at a page.</summary>
/// <param name="Language">What their browser asks for; null: English.</param>
/// <param name="Scale">So many points of the screen are one of the page.</param>
internal sealed record Look(string Name, int Width = 1280, int Height = 900, bool Dark = false, bool Script = true, string? Language = null, int Scale = 1)
{
    public static readonly Look Light = new("light");
    public static readonly Look DarkRoom = new("dark", Dark: true);

    /// <summary>A small phone.</summary>
    public static readonly Look Narrow = new("narrow", 320, 640);
    public static readonly Look RightToLeft = new("rtl", Language: "qps-plocm");
    public static readonly Look WithoutScript = new("no-script", Script: false);
    public static readonly Look Stretched = new("pseudo", Language: "qps-ploc");

    /// <summary>A screen of 1280 by 1024 at 400 % (WCAG 1.4.10).</summary>
    public static readonly Look Zoomed = new("zoomed", 320, 256, Scale: 4);
}
