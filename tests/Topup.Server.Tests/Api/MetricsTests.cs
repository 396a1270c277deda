using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

/// <summary>The server as a process of its own, because the exporter reads the environment.</summary>
public sealed class MetricsTests
{
    private const string Key = "key-of-a-server-under-test-0123456789";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Figures_of_the_ledger_reach_a_collector_by_OTLP_and_name_nobody()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var collector = await Collector.Start();
        var folder = Directory.CreateTempSubdirectory("topup-metrics-").FullName;
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        using var server = Start(url, folder, collector.Url);
        try
        {
            using var client = new TopupClient(url, Key);
            await Ready(url, server, stop);
            await client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0, Channel = "post" }, stop: stop);
            await client.SaveMessageDriver("log", new MessageDriverRequest { Kind = "log", Channel = "post" }, stop: stop);
            await client.SaveTenant("canary-tenant", new TenantRequest { Name = "canary-name", Plan = null }, stop: stop);
            await client.GrantCredits(new GrantRequest { Tenant = "canary-tenant", Type = "sms", Amount = 7, Source = "import" }, stop: stop);
            await client.ConsumeCredits(new ConsumeRequest { Tenant = "canary-tenant", Type = "sms", Amount = 5 }, stop: stop);
            await client.ConsumeCredits(new ConsumeRequest { Tenant = "canary-tenant", Type = "sms" }, stop: stop);

            for (var i = 0; i < 2; i++)
                await client.SendMessage(new MessageRequest { Tenant = "canary-tenant", Channel = "post", To = "canary-recipient", Text = "x" }, stop: stop);
            await client.ConsumeCredits(new ConsumeRequest { Tenant = "canary-tenant", Type = "sms" }, stop: stop);

            string[] names =
            [
                "topup.messages.sent", "topup.messages.refused",
                "topup.ledger.changes", "topup.ledger.consumed", "topup.ledger.refused", "topup.ledger.batch.size", "topup.ledger.commit.duration",
                "topup.ledger.queue.length", "topup.checkout.behind", "topup.checkout.orphans", "InsufficientCredits",
            ];
            var started = Stopwatch.StartNew();
            while (!names.All(collector.Has) && started.Elapsed < Patience) await Task.Delay(50, stop);

            names.Where(name => !collector.Has(name)).ShouldBeEmpty();
            collector.Has("canary").ShouldBeFalse();
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(Uri url, string folder, string collector)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TopupServer).Assembly.Location, "--urls", url.ToString()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Topup__Data"] = folder;
        start.Environment["Topup__BootstrapKey"] = Key;
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "250";
        var server = Process.Start(start)!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return server;
    }

    private static async Task Ready(Uri url, Process server, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = url };
        var started = Stopwatch.StartNew();
        while (started.Elapsed < Patience && !server.HasExited)
        {
            try
            {
                if ((await http.GetAsync("/readyz", stop)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
            }
            await Task.Delay(50, stop);
        }
        throw new InvalidOperationException("The server does not become ready.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Takes every post and remembers the bytes. Names are plain text in protobuf.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly StringBuilder seen = new();

        public string Url => app.Urls.First();

        public static async Task<Collector> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/v1/metrics", collector.Take);
            await app.StartAsync();
            return collector;
        }

        public bool Has(string name)
        {
            lock (seen) return seen.ToString().Contains(name, StringComparison.Ordinal);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task Take(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            lock (seen) seen.Append(Encoding.Latin1.GetString(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        }
    }
}
