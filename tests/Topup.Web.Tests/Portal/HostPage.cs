using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Topup.Web.Tests.Portal;

/// <summary>A platform's own server, on another origin: the page of <c>examples/embed</c>, and the address that makes sessions for it.</summary>
internal sealed class HostPage : IAsyncDisposable
{
    /// <summary>Keeps what happens for the test.</summary>
    private const string Ears =
        """
        <script>
          window.events = [];
          for (const type of ['ready', 'resize', 'purchase.started', 'purchase.credited', 'session.expired', 'error'])
            document.addEventListener('topup:' + type, event => window.events.push({ ...event.detail, of: event.detail.type, type }));
        </script>
        """;

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
        var example = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "embed", "index.html"));
        var html = example.Replace("https://topup.example.com/", server.ToString(), StringComparison.Ordinal).Replace("</head>", Ears + "</head>", StringComparison.Ordinal);
        app.MapGet("/", () => Results.Content(html, "text/html; charset=utf-8"));
        app.MapGet("/credits", async (string? page) => Results.Redirect(await newLink(started!.Name) + (page is { Length: > 0 } ? "?page=" + Uri.EscapeDataString(page) : "")));
        await app.StartAsync();
        started = new HostPage(app, new Uri(app.Urls.First().Replace("127.0.0.1", host, StringComparison.Ordinal)));
        return started;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
