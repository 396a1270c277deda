using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Usage;

public sealed class UsageOnSqlite(SqliteHost host) : UsageTests(host), IClassFixture<SqliteHost>;

public sealed class UsageOnPostgres(PostgresHost host) : UsageTests(host), IClassFixture<PostgresHost>;

public abstract class UsageTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task Uses_of_the_period_are_shown_with_where_the_credits_came_from_and_what_was_refused()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        await Host.Grant(tenant, sms, 5);
        await Host.Consume(tenant, sms, 4);
        var used = await Host.Consume(tenant, sms, 8);
        await Client.ReverseEntry(new ReversalRequest { Entry = used.Entry!, Amount = 2 }, stop: Stop);
        (await Host.Consume(tenant, sms, 50)).Allowed.ShouldBeFalse();
        Host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Host.Consume(tenant, sms, 60)).Allowed.ShouldBeFalse();

        var usage = await Client.GetUsage(tenant, stop: Stop);

        (usage.From, usage.To, usage.NextCursor).ShouldBe(("2026-03-01", "2026-03-31", null));
        usage.GroupBy.ShouldBe(["type"]);
        var row = usage.Data.Single();
        (row.Type, row.Uses, row.Credits, row.Allowance, row.Purchased, row.Debt, row.Returned, row.Net).ShouldBe((sms, 2, 12, 10, 2, 0, 2, 10));
        (row.Day, row.Tenant, row.UsageType, row.Subject, row.Cost).ShouldBe((null, null, null, null, 0));
        var refused = row.Refused.Single();
        (refused.Reason, refused.Count, refused.Asked, refused.FirstAt, refused.LastAt)
            .ShouldBe(("insufficient_credits", 2, 110, TestHost.Beginning, TestHost.Beginning.AddMinutes(5)));
        Same(usage.Totals, usage.Data).ShouldBeTrue();
    }

    [Fact]
    public async Task Rows_are_apart_by_day_week_or_month_and_by_usage_type_and_subject()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 1_000);
        // A Tuesday, the Sunday after it, the Monday after that, and the month after.
        foreach (var (day, amount, usageType, subject) in new[]
        {
            ("2026-03-10", 1, "otp", "a"), ("2026-03-15", 2, "otp", "b"), ("2026-03-16", 4, "promo", "a"), ("2026-04-01", 8, "otp", "a"),
        })
        {
            Host.Clock.Set(day + "T12:00:00Z");
            await Use(tenant, sms, amount, usageType, subject);
        }
        async Task<string> By(params string[] names)
        {
            var usage = await Client.GetUsage(tenant, new UsageFilter { From = new(2026, 3, 1), To = new(2026, 4, 30), GroupBy = names }, stop: Stop);
            return string.Join(' ', usage.Data.Select(row => $"{row.Day ?? row.Week ?? row.Month}/{row.UsageType}/{row.Subject}={row.Credits}"));
        }

        (await By()).ShouldBe("//=15");
        (await By("type")).ShouldBe("//=15");
        (await By("day")).ShouldBe("2026-03-10//=1 2026-03-15//=2 2026-03-16//=4 2026-04-01//=8");
        (await By("week")).ShouldBe("2026-03-09//=3 2026-03-16//=4 2026-03-30//=8");
        (await By("month")).ShouldBe("2026-03//=7 2026-04//=8");
        (await By("usage_type")).ShouldBe("/otp/=11 /promo/=4");
        (await By("subject")).ShouldBe("//a=13 //b=2");
        var top = await Client.GetUsage(tenant, new UsageFilter { From = new(2026, 3, 1), To = new(2026, 4, 30), GroupBy = ["subject"], Type = sms, Top = 1 }, stop: Stop);
        (top.Data.Single().Subject, top.Data.Single().Credits, top.Totals.Single().Credits).ShouldBe(("a", 13, 15));
        (await By("month", "subject", "usage_type")).ShouldBe("2026-03/otp/a=1 2026-03/otp/b=2 2026-03/promo/a=4 2026-04/otp/a=8");

        async Task<decimal> Sum(UsageFilter filter) => (await Client.GetUsage(tenant, filter, stop: Stop)).Totals.Sum(row => row.Credits);
        (await Sum(new UsageFilter { From = new(2026, 3, 15), To = new(2026, 3, 16) })).ShouldBe(6);
        (await Sum(new UsageFilter { From = new(2026, 3, 1), UsageType = "otp" })).ShouldBe(11);
        (await Sum(new UsageFilter { From = new(2026, 3, 1), Subject = "a", UsageType = "promo" })).ShouldBe(4);
        (await Sum(new UsageFilter { From = new(2026, 3, 1), Type = await Host.NewType() })).ShouldBe(0);
        (await Sum(new UsageFilter())).ShouldBe(8, "the current period");
        (await Sum(new UsageFilter { To = new(2026, 3, 10) })).ShouldBe(1);
    }

    [Fact]
    public async Task Pages_hold_together_whatever_the_texts_are()
    {
        var (sms, email) = (await Host.NewType(), await Host.NewType());
        var tenant = await Host.NewTenant();
        foreach (var type in new[] { sms, email }) await Host.Grant(tenant, type, 1_000);
        string[] texts = ["", " ", "a b", "é", new string('ü', 64), "=1+1", "5 x"];
        foreach (var type in new[] { sms, email })
            foreach (var text in texts)
            {
                await Use(tenant, type, 1, text, text == "é" ? new string('語', 128) : text);
                (await Use(tenant, type, 5_000, text, "refused " + text)).Allowed.ShouldBeFalse();
            }

        var filter = new UsageFilter { GroupBy = ["day", "usage_type", "subject"] };
        var whole = await Client.GetUsage(tenant, filter, stop: Stop);
        var rows = new List<UsageRow>();
        string? cursor = null;
        do
        {
            var page = await Client.GetUsage(tenant, filter, 3, cursor, Stop);
            page.Data.Count.ShouldBeLessThanOrEqualTo(3);
            Same(page.Totals, whole.Totals).ShouldBeTrue();
            rows.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        rows.Count.ShouldBe(4 * texts.Length);
        Same(rows, whole.Data).ShouldBeTrue();
        rows.Sum(row => row.Uses).ShouldBe(2 * texts.Length);
        rows.Sum(row => row.Refused.Sum(refused => refused.Count)).ShouldBe(2 * texts.Length);
    }

    [Fact]
    public async Task A_file_has_every_row_and_no_formula()
    {
        var sms = await Host.NewType(1);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 10);
        await Use(tenant, sms, 1.5m, "=1+1", "a,b");
        await Use(tenant, sms, 99, "otp", "");

        var filter = new UsageFilter { GroupBy = ["day", "usage_type", "subject"] };
        using var file = new StreamReader(await Client.ExportUsage(tenant, filter, Stop));
        (await file.ReadToEndAsync(Stop)).ReplaceLineEndings("\n").ShouldBe(
            $"""
            day,type,usage_type,subject,uses,credits,allowance,purchased,debt,returned,net,cost,refused,refused_by_reason
            2026-03-10,{sms},"'=1+1","a,b",1,1.5,0.0,1.5,0.0,0.0,1.5,0.000000,0,
            2026-03-10,{sms},otp,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.000000,1,insufficient_credits:1

            """);
    }

    [Fact]
    public async Task A_key_of_the_tenant_sees_its_usage_but_not_what_it_costs_the_operator()
    {
        var (own, foreign, sms) = (await Host.NewTenant(), await Host.NewTenant(), await Host.NewType());
        foreach (var tenant in new[] { own, foreign })
        {
            await Host.Grant(tenant, sms, 10);
            await Host.Consume(tenant, sms, 3);
        }
        using var http = Host.NewHttp(await Host.NewKey(own, "read"));
        using var client = new TopupClient(http);

        var row = (await client.GetUsage(own, stop: Stop)).Data.Single();
        (row.Credits, row.Cost).ShouldBe((3, null));
        using var file = new StreamReader(await client.ExportUsage(own, null, Stop));
        (await file.ReadToEndAsync(Stop)).ShouldNotContain("cost");
        await Refused(client.GetUsage(foreign, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.ExportUsage(foreign, null, Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.GetUsagePeaks(foreign, sms, Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.GetForecast(foreign, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.GetOperatorUsage(stop: Stop), 403, "forbidden");
        await Refused(client.ExportUsage(null, null, Stop), 403, "forbidden");
    }

    [Theory]
    [InlineData("from=yesterday", "from", null)]
    [InlineData("from=2026-3-1", "from", null)]
    [InlineData("from=2026-02-30", "from", null)]
    [InlineData("from=1999-12-31", "from", null)]
    [InlineData("to=3000-01-01", "to", null)]
    [InlineData("to=2026-03-01T00:00:00Z", "to", null)]
    [InlineData("from=2026-03-02&to=2026-03-01", "to", null)]
    [InlineData("from=2025-01-01&to=2026-01-02", "from", 366)]
    [InlineData("group_by=hour", "group_by", null)]
    [InlineData("group_by=", "group_by", null)]
    [InlineData("group_by=day,week", "group_by", null)]
    [InlineData("group_by=day,day", "group_by", null)]
    [InlineData("type=SMS", "type", 64)]
    [InlineData("format=xls", "format", null)]
    [InlineData("limit=0", "limit", 1_000)]
    [InlineData("cursor=x", "cursor", null)]
    [InlineData("cursor=YQ", "cursor", null)]
    [InlineData("top=0&type=x", "top", 1_000)]
    [InlineData("top=5", "top", null)]
    public async Task What_cannot_be_asked_is_named(string query, string field, int? limit)
    {
        var tenant = await Host.NewTenant();
        foreach (var path in new[] { $"/v1/tenants/{tenant}/usage?{query}", $"/v1/usage?{query}" })
        {
            var problem = await Api.ProblemReader.Read(await Host.Http.GetAsync(path, Stop), path);
            (problem.Status, problem.Code, problem.Field, problem.Limit).ShouldBe((400, "invalid_field", field, (decimal?)limit), path);
        }
    }

    [Fact]
    public async Task Long_texts_and_groupings_of_the_other_view_are_refused_too()
    {
        var tenant = await Host.NewTenant();
        async Task<string?> FieldOf(string path) => (await Api.ProblemReader.Read(await Host.Http.GetAsync(path, Stop), path)).Field;
        (await FieldOf($"/v1/tenants/{tenant}/usage?usage_type={new string('a', 65)}")).ShouldBe("usage_type");
        (await FieldOf($"/v1/tenants/{tenant}/usage?subject={new string('a', 129)}")).ShouldBe("subject");
        (await FieldOf($"/v1/tenants/{tenant}/usage?group_by=tenant")).ShouldBe("group_by");
        (await FieldOf("/v1/usage?group_by=subject")).ShouldBe("group_by");
        (await FieldOf("/v1/usage?top=3&type=x&cursor=MCB4IHkgMCA")).ShouldBe("cursor");
        (await FieldOf($"/v1/tenants/{tenant}/usage/peaks")).ShouldBe("type");
        (await FieldOf($"/v1/tenants/{tenant}/usage/peaks?type=nothing")).ShouldBe("type");
        (await FieldOf($"/v1/tenants/{tenant}/forecast?type=nothing")).ShouldBe("type");
        (await FieldOf("/v1/tenants/nobody/usage")).ShouldBe("tenant");
        (await FieldOf("/v1/tenants/nobody/forecast")).ShouldBe("tenant");
    }

    [Fact]
    public async Task Peaks_are_the_hours_of_the_week_and_say_on_how_many_uses_they_rest()
    {
        await using var host = await Fixture.NewHost("--Topup:TimeZone=America/Sao_Paulo");
        var sms = await host.NewType();
        var tenant = await host.NewTenant();
        host.Clock.Set("2026-01-01T12:00:00Z");
        await host.Grant(tenant, sms, 1_000);
        (await host.Client.GetUsagePeaks(tenant, sms, Stop)).BasedOn.ShouldBe(0);
        await host.Consume(tenant, sms, 500);
        // Monday 23:30 and Tuesday 00:30 where the operator is.
        foreach (var (moment, amount) in new[] { ("2026-03-10T02:30:00Z", 4), ("2026-03-10T03:30:00Z", 10), ("2026-03-17T03:45:00Z", 20) })
        {
            host.Clock.Set(moment);
            await host.Consume(tenant, sms, amount);
        }
        var hold = await host.Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms, Amount = 3 }, stop: Stop);
        await host.Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 3 }, stop: Stop);

        var peaks = await host.Client.GetUsagePeaks(tenant, sms, Stop);

        (peaks.Type, peaks.BasedOn, peaks.Since).ShouldBe((sms, 4, DateTimeOffset.Parse("2026-03-10T02:30:00Z", System.Globalization.CultureInfo.InvariantCulture)));
        peaks.Hours.Select(hour => (hour.Weekday, hour.Hour, hour.Uses, hour.Credits)).ShouldBe([("monday", 23, 1, 4), ("tuesday", 0, 3, 33)]);
        peaks.Busiest!.Hour.ShouldBe(0);
    }

    private static bool Same(IReadOnlyList<UsageRow> rows, IReadOnlyList<UsageRow> others) =>
        Text(rows) == Text(others);

    private static string Text(IReadOnlyList<UsageRow> rows) => System.Text.Json.JsonSerializer.Serialize(new UsageView
    {
        From = "", To = "", GroupBy = [], Totals = [], Data = [.. rows.Select(row => row with { Day = null })],
    }, TopupJson.Default.UsageView);

    private Task<ConsumeReply> Use(string tenant, string type, decimal amount, string usageType, string subject) =>
        Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type, Amount = amount, UsageType = usageType, Subject = subject }, stop: Stop);
}
