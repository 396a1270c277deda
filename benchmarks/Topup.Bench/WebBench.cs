using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Tenancy.Operators;
using Topup.Testing;

namespace Topup.Bench;

/// <summary>
/// How long the server takes for its pages when there is much in it, what the portal weighs, and what Lighthouse says of it.
/// The history is of the last days, so that pages that sum them have something to sum.
/// </summary>
internal sealed class WebBench(Report report, PrivatePostgres postgres, int tenants, int entries, int requests, int runs)
{
    private const string SetupToken = "setup-token-of-a-benchmark-0123456789";
    private const string Email = "owner@example.com";
    private const string Password = "correct horse battery staple";
    private const int Days = 30;
    private const int Purchases = 2_000;
    private const double MillisecondsMax = 50;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(10);

    /// <summary>The tenant whose pages are measured; it has a tenth of all entries.</summary>
    private static readonly string Busy = BenchData.TenantOf(0);

    private static readonly (string Type, string Subject)[] Usages = [("reminder", "shop-1"), ("reminder", "shop-2"), ("code", "shop-1"), ("", "")];

    private static readonly string[] StaffPages =
    [
        "/admin", "/admin?days=90", "/admin/tenants", "/admin/tenants?search=tenant-77", "/admin/tenants?pools=low", $"/admin/tenants/{Busy}", $"/admin/tenants/{Busy}/history",
        $"/admin/tenants/{Busy}/purchases", "/admin/purchases", "/admin/purchases?status=credited", "/admin/usage", "/admin/usage?by=tenant", "/admin/usage?span=none&by=tenant", "/admin/health", "/admin/audit",
        "/admin/audit?search=plan", "/admin/search?q=tenant-77", "/admin/messages", "/admin/webhooks", "/admin/api-keys", "/admin/packs", "/admin/plans",
    ];

    private static readonly string[] PortalPages =
    [
        "/portal", "/portal/cards", "/portal/history", "/portal/history?type=sms", "/portal/purchases", "/portal/usage", "/portal/settings", "/portal/add-ons", "/portal/top-up/sms",
    ];

    public async Task Run()
    {
        report.Line();
        report.Line("## Pages");
        report.Line();
        report.Line($"{tenants:N0} tenants, {entries:N0} entries over {Days} days, a tenth of them of the tenant whose pages these are, {Purchases:N0} purchases. Milliseconds from a request that is");
        report.Line($"sent to its last byte, compressed, one after the other on one connection, up to {requests} of each page.");
        report.Line($"In the five minutes before, {Machine.Load()} programs wanted a core on average; any benchmark before this one is among them.");
        report.Table("page", "SQLite, median", "p95", "PostgreSQL, median", "p95");
        var onSqlite = await Measure("Data", Directory.CreateTempSubdirectory("topup-bench-").FullName, Lighthouse.Run);
        var onPostgres = await Measure("Database", await postgres.NewDatabase(), null);
        foreach (var (path, ours) in onSqlite.Times)
        {
            var theirs = onPostgres.Times[path];
            report.Row($"`{path}`", Middle(ours), Tail(ours), Middle(theirs), Tail(theirs));
        }
        report.Line();
        report.Line(string.Create(CultureInfo.InvariantCulture, $"The target is a p95 of at most {MillisecondsMax} ms."));
        report.Line();
        report.Line($"Lighthouse {Lighthouse.Version}, a phone on a slow network as it simulates it by itself, medians of {runs} runs; the weight is what Chromium received.");
        report.Table("page", "performance", "accessibility", "best practices", "largest paint, ms", "blocking, ms", "layout shift", "weight, kB", "script, kB");
        foreach (var judged in onSqlite.Judged)
        {
            report.Row($"`{judged.Path}`", judged.Path == "/portal" ? Report.Against(judged.Performance, 98) : judged.Performance, Report.Against(judged.Accessibility, 100),
                Report.Against(judged.BestPractices, 100), judged.LargestPaint, judged.Blocking, judged.Shift, Report.AtMost(judged.Weight, 120), Report.AtMost(judged.Script, 40));
        }
    }

    private async Task<(Dictionary<string, double[]> Times, List<Judged> Judged)> Measure(string setting, string value, Func<Uri, string, string, int, Task<Judged>>? judge)
    {
        (string Name, string Value)[] settings =
        [
            (setting, value), ("BootstrapKey", ServerProcess.Key), ("SetupToken", SetupToken), ("Sandbox", "true"), ("VerifyEveryHours", "0"),
            ("SecretKey", Convert.ToBase64String(new byte[32])),
        ];
        var staff = await Fill([.. settings.Select(pair => $"--Topup:{pair.Name}={pair.Value}")]);
        await using var server = ServerProcess.Of(settings);
        await server.Restart();
        try
        {
            var portal = "topup-portal=" + await OpenPortal(server.Address);
            var times = new Dictionary<string, double[]>();
            foreach (var path in StaffPages) await Take(path, "topup-staff=" + staff);
            foreach (var path in PortalPages) await Take(path, portal);
            var judged = new List<Judged>();
            if (judge is not null)
            {
                judged.Add(await judge(server.Address, "/portal", portal, runs));
                judged.Add(await judge(server.Address, "/sign-in", "", 1));
                judged.Add(await judge(server.Address, "/admin", "topup-staff=" + staff, 1));
            }
            return (times, judged);

            // The report comes at the end of it all, which takes long; whoever waits sees how far it is.
            async Task Take(string path, string cookie)
            {
                times[path] = await Time(server.Address, cookie, path);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{setting} {path}: median {Middle(times[path]):0.0} ms, p95 {TailOf(times[path]):0.0} ms"));
            }
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"{failed.Message}\nThe server said:\n{server.Log}", failed);
        }
        finally
        {
            await server.Stop();
        }
    }

    /// <summary>Puts everything in as if it had happened in the last days, and returns the token of an owner who is signed in.</summary>
    private async Task<string> Fill(string[] settings)
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow.AddDays(1 - Days));
        await using var engine = await BenchEngine.Start(tenants, clock, settings);
        using var http = new HttpClient { BaseAddress = engine.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ServerProcess.Key);
        using var client = new TopupClient(http);
        await client.SaveCreditType("money", new CreditTypeRequest { Name = "Balance", Unit = "USD", Decimals = 2, Currency = "USD" });
        await client.SavePack("sms-500", new PackRequest { Type = BenchEngine.Type, Name = "500 SMS", Credits = 500, Price = 10, Currency = "USD" });
        for (var day = 0; day < Days; day++)
        {
            await engine.ConsumeExactly(entries / Days, 512, TenantOf, number => Usages[number % Usages.Length]);
            await Task.WhenAll(Enumerable.Range(day * Purchases / Days, Purchases / Days).GroupBy(number => number % 16).Select(async numbers =>
            {
                foreach (var number in numbers) await Buy(client, number);
            }));
            // The last day is today, of which there are no totals yet.
            if (day < Days - 1) clock.Advance(TimeSpan.FromDays(1));
        }
        await engine.Verify();
        clock.Set(DateTimeOffset.UtcNow);
        await engine.Services.GetRequiredService<SetUpOwner>().Run(SetupToken, Email, "Olive Owner", Password, CancellationToken.None);
        return (await engine.Services.GetRequiredService<SignIn>().Run(new SignInRequest(Email, Password), "127.0.0.1", "a benchmark", CancellationToken.None)).Token;
    }

    private int TenantOf(long number) => number % 10 == 0 ? 0 : (int)(number * 7919 % tenants);

    /// <summary>A tenth of the purchases are of the tenant whose pages are measured.</summary>
    private async Task Buy(TopupClient client, int number)
    {
        var tenant = BenchData.TenantOf(number % 10 == 0 ? 0 : number % tenants);
        var key = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
        await client.GrantCredits(new GrantRequest { Tenant = tenant, Type = "money", Amount = 10, Source = "transfer", Reason = "bench" }, "money-" + key);
        await client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = "sms-500", Method = "balance" }, key);
    }

    private static async Task<string> OpenPortal(Uri server)
    {
        using var http = Browser(server, "");
        http.DefaultRequestHeaders.Authorization = new("Bearer", ServerProcess.Key);
        using var client = new TopupClient(http);
        var link = await client.CreatePortalSession(new PortalSessionRequest { Tenant = Busy, Scopes = ["view", "buy", "settings"] });
        using var opened = await http.GetAsync(new Uri(server, new Uri(link.Url).PathAndQuery));
        return opened.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0].Split('=', 2)).First(cookie => cookie[0] == "topup-portal")[1];
    }

    /// <summary>
    /// Milliseconds of each request, ascending. The first ones, in which the program compiles itself, are not counted. A page that
    /// takes seconds is asked less often: it is seen soon enough that it does.
    /// </summary>
    private async Task<double[]> Time(Uri server, string cookie, string path)
    {
        using var http = Browser(server, cookie);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < WarmUp;) await Ask(http, path);
        var times = new List<double>();
        for (var began = Stopwatch.GetTimestamp(); times.Count < requests && (times.Count < requests / 10 || Stopwatch.GetElapsedTime(began) < TimeMax);)
        {
            var sent = Stopwatch.GetTimestamp();
            await Ask(http, path);
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        return [.. times.Order()];
    }

    private static async Task Ask(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        await answer.Content.ReadAsByteArrayAsync();
        // A search that finds one thing goes there at once; a redirect to the sign-in would measure nothing.
        var leads = answer.Headers.Location?.ToString() ?? "";
        if ((int)answer.StatusCode >= 400 || leads.StartsWith("/sign-in", StringComparison.Ordinal) || leads.StartsWith("/portal/over", StringComparison.Ordinal))
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {leads}");
    }

    private static HttpClient Browser(Uri server, string cookie)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };
        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, deflate, br");
        if (cookie.Length > 0) http.DefaultRequestHeaders.Add("Cookie", cookie);
        return http;
    }

    private static double Middle(double[] times) => times[times.Length / 2];

    private static string Tail(double[] times) => Report.AtMost(TailOf(times), MillisecondsMax);

    private static double TailOf(double[] times) => times[times.Length * 95 / 100];
}
