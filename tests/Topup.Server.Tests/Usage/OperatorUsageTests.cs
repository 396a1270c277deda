using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Usage;

public sealed class OperatorUsageOnSqlite(SqliteHost host) : OperatorUsageTests(host), IClassFixture<SqliteHost>;

public sealed class OperatorUsageOnPostgres(PostgresHost host) : OperatorUsageTests(host), IClassFixture<PostgresHost>;

public abstract class OperatorUsageTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task All_tenants_are_added_up_and_the_largest_come_first()
    {
        var sms = await Host.NewType();
        var tenants = new List<string>();
        foreach (var used in new[] { 3, 20, 7 })
        {
            var tenant = await Host.NewTenant();
            await Host.Grant(tenant, sms, 100);
            await Host.Consume(tenant, sms, used);
            (await Host.Consume(tenant, sms, 1_000)).Allowed.ShouldBeFalse();
            tenants.Add(tenant);
        }

        var all = await Client.GetOperatorUsage(new UsageFilter { Type = sms }, stop: Stop);
        (all.From, all.To).ShouldBe(("2026-03-01", "2026-03-10"));
        (all.Data.Single().Credits, all.Data.Single().Refused.Single().Count).ShouldBe((30, 3));

        var top = await Client.GetOperatorUsage(new UsageFilter { Type = sms, GroupBy = ["tenant"], Top = 2 }, stop: Stop);
        top.Data.Select(row => (row.Tenant, row.Credits, row.Refused.Single().Asked)).ShouldBe([(tenants[1], 20, 1_000), (tenants[2], 7, 1_000)]);
        (top.NextCursor, top.Totals.Single().Credits).ShouldBe((null, 30));

        var first = await Client.GetOperatorUsage(new UsageFilter { Type = sms, GroupBy = ["day", "tenant"] }, 2, stop: Stop);
        var second = await Client.GetOperatorUsage(new UsageFilter { Type = sms, GroupBy = ["day", "tenant"] }, 2, first.NextCursor, Stop);
        first.Data.Concat(second.Data).Select(row => (row.Day, row.Tenant)).ShouldBe(tenants.Order(StringComparer.Ordinal).Select(tenant => ((string?)"2026-03-10", (string?)tenant)));
        using var file = new StreamReader(await Client.ExportUsage(null, new UsageFilter { Type = sms, GroupBy = ["tenant"], Top = 1 }, Stop));
        (await file.ReadToEndAsync(Stop)).ReplaceLineEndings("\n").ShouldBe(
            $"tenant,type,uses,credits,allowance,purchased,debt,returned,net,cost,refused,refused_by_reason\n" +
            $"{tenants[1]},{sms},1,20,0,20,0,0,20,0.000000,1,insufficient_credits:1\n");
    }

    [Fact]
    public async Task Tenant_by_tenant_the_pages_of_any_size_are_what_each_tenant_itself_reads()
    {
        await using var host = await Fixture.NewHost();
        string[] types = [await host.NewType(), await host.NewType()];
        var tenants = new List<string>();
        foreach (var _ in Enumerable.Range(0, 7)) tenants.Add(await host.NewTenant());
        // Two of them use nothing, one is only refused, and of most days only few have anything.
        for (var i = 0; i < 12; i++)
        {
            host.Clock.Set($"2026-{1 + (i / 5):00}-{1 + (i * 2 % 28):00}T12:00:00Z");
            var number = i * 3 % 5;
            var type = types[number % 3 == 0 ? i % 2 : 0];
            if (i % 4 == 0) await host.Grant(tenants[number], type, 100);
            await host.Consume(tenants[number], type, 1 + i);
        }

        foreach (var span in new[] { "", "day", "week", "month" })
        {
            string[] groups = span.Length > 0 ? [span, "usage_type"] : ["usage_type"];
            var asked = new UsageFilter { From = new(2026, 1, 1), To = new(2026, 3, 31), GroupBy = groups };
            var own = new List<UsageRow>();
            foreach (var tenant in tenants) own.AddRange((await host.Client.GetUsage(tenant, asked, 1_000, stop: Stop)).Data.Select(row => row with { Tenant = tenant }));
            string[] expected = [.. own.Select(Text).Order(StringComparer.Ordinal)];
            expected.ShouldNotBeEmpty();
            for (var size = 1; size <= expected.Length + 1; size++)
            {
                var read = new List<UsageRow>();
                string? next = null;
                do
                {
                    var page = await host.Client.GetOperatorUsage(asked with { GroupBy = ["tenant", .. groups] }, size, next, Stop);
                    (page.Data.Count == size || page.NextCursor is null).ShouldBeTrue($"a page of {size} by {span} had {page.Data.Count} rows and was not the last");
                    read.AddRange(page.Data);
                    next = page.NextCursor;
                }
                while (next is not null);
                read.Select(Text).ShouldBe(expected, $"pages of {size} by {span}");
            }
        }

        // Its own order is that of the rows: span, tenant, type.
        static string Text(UsageRow row) =>
            $"{row.Day}{row.Week}{row.Month} {row.Tenant} {row.Type} {row.UsageType} {row.Uses} {row.Credits} {row.Cost} " +
            string.Join(',', row.Refused.Select(refused => $"{refused.Reason} {refused.Count} {refused.Asked} {refused.FirstAt:O} {refused.LastAt:O}"));
    }

    [Fact]
    public async Task Sales_less_refunds_less_own_cost_are_the_margin()
    {
        await using var host = await Fixture.NewHost("--Topup:TimeZone=America/Sao_Paulo");
        var money = await host.NewType(2, "USD");
        var sms = host.NewName("type");
        await host.Client.SaveCreditType(sms, new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0, UnitCost = 0.01m }, stop: Stop);
        var pack = await host.NewPack(sms, 500, 10, "USD");
        var tenant = await host.NewTenant();
        await host.Grant(tenant, money, 100, "transfer");
        // Just before and just after a midnight of the operator.
        host.Clock.Set("2026-03-11T02:59:00Z");
        var first = await Buy(host, tenant, pack);
        host.Clock.Set("2026-03-11T03:01:00Z");
        var second = await Buy(host, tenant, pack);
        await host.Consume(tenant, sms, 300);
        await host.Client.RefundPurchase(second.Id, new RefundRequest { Amount = 4, Reason = "x" }, stop: Stop);

        var usage = await host.Client.GetOperatorUsage(new UsageFilter { GroupBy = ["day"] }, stop: Stop);

        usage.Sales.Select(sale => (sale.Day, sale.Type, sale.Currency, sale.Deposit, sale.Purchases, sale.Paid, sale.Refunded, sale.Net, sale.CreditsSold, sale.CreditsTakenBack)).ShouldBe(
        [
            ("2026-03-10", sms, "USD", false, 1, 10, 0, 10, 500, 0),
            ("2026-03-11", sms, "USD", false, 1, 10, 4, 6, 500, 200),
        ]);
        var margin = usage.Margins.Single();
        (margin.Type, margin.Currency, margin.Sold, margin.Cost, margin.Margin, margin.Why).ShouldBe((sms, "USD", 16, 3, 13, null));
        var whole = await host.Client.GetOperatorUsage(new UsageFilter { From = new(2026, 3, 11), To = new(2026, 3, 11) }, stop: Stop);
        (whole.Sales.Single().Day, whole.Sales.Single().Net).ShouldBe((null, 6));
        (await host.Client.GetOperatorUsage(new UsageFilter { UsageType = "otp" }, stop: Stop)).Margins.ShouldBeEmpty();
        (await host.Client.GetOperatorUsage(new UsageFilter { GroupBy = ["week"] }, stop: Stop)).Sales.Single().Week.ShouldBe("2026-03-09");
        (await host.Client.GetOperatorUsage(new UsageFilter { GroupBy = ["month"] }, stop: Stop)).Sales.Single().Month.ShouldBe("2026-03");
        first.Status.ShouldBe("credited");
    }

    [Fact]
    public async Task Where_a_margin_cannot_be_said_it_says_why()
    {
        await using var host = await Fixture.NewHost();
        var (dollars, reais) = (await host.NewType(2, "USD"), await host.NewType(2, "BRL"));
        var (abroad, free) = (host.NewName("type"), await host.NewType());
        await host.Client.SaveCreditType(abroad, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, UnitCost = 1 }, stop: Stop);
        var tenant = await host.NewTenant();
        foreach (var money in new[] { dollars, reais }) await host.Grant(tenant, money, 100, "transfer");
        await Buy(host, tenant, await host.NewPack(abroad, 5, 10, "BRL"));
        await Buy(host, tenant, await host.NewPack(abroad, 5, 3, "USD"));
        await Buy(host, tenant, await host.NewPack(free, 5, 2, "USD"));

        var usage = await host.Client.GetOperatorUsage(stop: Stop);

        usage.Margins.OrderBy(margin => margin.Sold).Select(margin => (margin.Type, margin.Sold, margin.Margin, margin.Why)).ShouldBe(
        [
            (free, 2, (decimal?)null, "no_own_cost"), (abroad, 3, null, "sold_in_other_currencies"),
        ]);
    }

    private static Task<PurchaseView> Buy(TestHost host, string tenant, string pack) =>
        host.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, stop: Stop);
}
