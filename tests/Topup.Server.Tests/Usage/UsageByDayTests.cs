using System.Globalization;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Usage;

public sealed class UsageByDayOnSqlite(SqliteHost host, ITestOutputHelper output) : UsageByDayTests(host, output), IClassFixture<SqliteHost>;

public sealed class UsageByDayOnPostgres(PostgresHost host, ITestOutputHelper output) : UsageByDayTests(host, output), IClassFixture<PostgresHost>;

/// <summary>Random lives over HTTP; set <c>TOPUP_SEED</c> to live one again.</summary>
public abstract class UsageByDayTests(HostFixture fixture, ITestOutputHelper output) : ServerTests(fixture)
{
    private const int Steps = 400;
    private static readonly string[] Subjects = ["", "web", "app"];
    private static readonly string[] UsageTypes = ["", "otp", "promo"];

    /// <summary>What is shown of each day is what its entries add up to, and what was refused is what callers were told.</summary>
    [Fact]
    public async Task Usage_by_day_equals_the_entries_always()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TOPUP_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"TOPUP_SEED={seed}");
        var random = new Random(seed);
        await using var host = await Fixture.NewHost("--Topup:TimeZone=America/Sao_Paulo");
        var client = host.Client;
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
        string DayOf(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var credits = await host.NewType(1, debtLimit: 3, lowPercent: 50);
        var plan = await host.NewPlan((credits, 20));
        await client.SaveRateCard(plan, new RateCardRequest
        {
            Plan = plan, Rates = [new RateTerms { UsageType = "call", Type = credits, Price = 0.5m, UnitCost = 0.01m }, new RateTerms { UsageType = "look", Type = credits, Price = 0 }],
        }, stop: Stop);
        var tenant = await host.NewTenant(plan, renewalDay: 12);
        var (holds, uses, refused) = (new List<string>(), new List<string>(), 0L);
        for (var step = 0; step < Steps; step++)
        {
            var (subject, usageType, amount) = (Any(Subjects), Any(UsageTypes), random.Next(1, 60) / 10m);
            switch (random.Next(11))
            {
                case < 3:
                    await Count(client.ConsumeCredits(new ConsumeRequest
                    {
                        Tenant = tenant, Type = credits, Amount = amount, Subject = subject, UsageType = usageType, OnShortage = random.Next(2) == 0 ? "cap" : "refuse",
                    }, stop: Stop));
                    break;
                case 3 or 4:
                    await Count(client.ConsumeCredits(new ConsumeRequest
                    {
                        Tenant = tenant, UsageType = random.Next(4) == 0 ? "look" : "call", Quantity = random.Next(1, 12), Subject = subject,
                    }, stop: Stop));
                    break;
                case 5:
                    var hold = await client.PlaceHold(new HoldRequest { Tenant = tenant, Type = credits, Amount = amount, Subject = subject, UsageType = usageType, ExpiresIn = 7_200 }, stop: Stop);
                    if (hold.Hold is { } placed) holds.Add(placed);
                    else refused++;
                    break;
                case 6 or 7 when holds.Count > 0:
                    await May(async () => uses.Add((await client.CaptureHold(Any(holds), new CaptureRequest { Amount = random.Next(0, 80) / 10m }, stop: Stop)).Entry));
                    break;
                case 8 when uses.Count > 0:
                    await May(async () => await client.ReverseEntry(new ReversalRequest { Entry = Any(uses), Amount = random.Next(2) == 0 ? null : 0.5m }, stop: Stop));
                    break;
                case 9:
                    await host.Grant(tenant, credits, random.Next(1, 30), expiresAt: random.Next(3) == 0 ? host.Clock.GetUtcNow().AddHours(random.Next(1, 90)) : null);
                    break;
                default:
                    host.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 600)));
                    break;
            }
        }

        var filter = new UsageFilter { From = new(2026, 3, 1), To = new(2026, 12, 31), GroupBy = ["day", "usage_type", "subject"] };
        var shown = (await client.GetUsage(tenant, filter, 1_000, stop: Stop)).Data;
        var entries = await All(client.ListEntries(tenant, stop: Stop));

        const string nothing = ": 0x 0.0 0.0 0.0 -0.0";
        string Line(string? day, string? usageType, string? subject, long count, decimal allowance, decimal purchased, decimal debt, decimal returned) =>
            string.Create(CultureInfo.InvariantCulture, $"{day} {usageType}/{subject}: {count}x {allowance:0.0} {purchased:0.0} {debt:0.0} -{returned:0.0}");
        var expected = entries.Where(entry => entry.Kind is "consume" or "capture" or "reversal")
            .GroupBy(entry => (Day: DayOf(entry.At), UsageType: entry.UsageType ?? "", Subject: entry.Subject ?? ""))
            .Select(day => (day.Key, Uses: day.Where(entry => entry.Kind != "reversal").ToList(), Back: day.Where(entry => entry.Kind == "reversal").Sum(entry => entry.Amount)))
            .Select(day => Line(day.Key.Day, day.Key.UsageType, day.Key.Subject, day.Uses.Sum(entry => entry.Quantity ?? (entry.Amount > 0 ? 1 : 0)), day.Uses.Sum(entry => entry.Drawn.Allowance),
                day.Uses.Sum(entry => entry.Drawn.Purchased), day.Uses.Sum(entry => entry.Drawn.Debt ?? 0), day.Back));
        var lines = shown.Select(row => Line(row.Day, row.UsageType, row.Subject, row.Uses, row.Allowance, row.Purchased, row.Debt, row.Returned));
        // A row of refusals alone, and an entry that took nothing, are no use.
        lines.Where(line => !line.EndsWith(nothing, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(expected.Where(line => !line.EndsWith(nothing, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        shown.Sum(row => row.Refused.Sum(reason => reason.Count)).ShouldBe(refused);
        entries.Count.ShouldBeGreaterThan(Steps / 4);

        async Task Count(Task<ConsumeReply> use)
        {
            var reply = await use;
            if (reply.Entry is { } entry) uses.Add(entry);
            else refused++;
        }

        // What cannot be done any more (a hold that has ended, a use that was given back) is no use and no refusal.
        static async Task May(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (TopupException gone) when (gone.Status == 409)
            {
            }
        }

        T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
    }
}
