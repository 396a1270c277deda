using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Topup.Web.Tests.Portal;

/// <summary>A platform's own server, on another origin: a page with the elements of <c>embed.js</c>, and the address that makes sessions for them.</summary>
internal sealed class HostPage : IAsyncDisposable
{
    private readonly WebApplication app;

    private HostPage(WebApplication app, Uri origin) => (this.app, Origin) = (app, origin);

    public Uri Origin { get; }

    /// <summary>The origin as browsers write it.</summary>
    public string Name => Origin.GetLeftPart(UriPartial.Authority);

    /// <param name="host">The name by which browsers reach it.</param>
    /// <param name="server">The server whose script it includes.</param>
    /// <param name="newLink">Makes a session that this origin may frame.</param>
    public static async Task<HostPage> Start(string host, Uri server, Func<string, Task<string>> newLink)
    {
        var app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]).Build();
        HostPage? started = null;
        app.MapGet("/", () => Results.Content(
            $$"""
            <!doctype html><html lang="en"><head><title>Billing</title><script src="{{server}}embed.js" defer></script>
            <script>
              window.events = [];
              for (const type of ['ready', 'resize', 'purchase.started', 'purchase.credited', 'session.expired', 'error'])
                document.addEventListener('topup:' + type, event => window.events.push({ ...event.detail, of: event.detail.type, type }));
            </script></head>
            <body><h1>Billing</h1><topup-button src="/credits" type="sms">More SMS</topup-button>
            <topup-portal src="/credits" theme="light"><a href="/credits">Open your credits</a></topup-portal></body></html>
            """, "text/html; charset=utf-8"));
        app.MapGet("/credits", async (string? page) => Results.Redirect(await newLink(started!.Name) + (page is { Length: > 0 } ? "?page=" + Uri.EscapeDataString(page) : "")));
        await app.StartAsync();
        started = new HostPage(app, new Uri(app.Urls.First().Replace("127.0.0.1", host, StringComparison.Ordinal)));
        return started;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
