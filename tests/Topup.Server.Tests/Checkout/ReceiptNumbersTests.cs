using System.Globalization;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class ReceiptNumbersOnSqlite(SqliteHost host) : ReceiptNumbersTests(host), IClassFixture<SqliteHost>;

public sealed class ReceiptNumbersOnPostgres(PostgresHost host) : ReceiptNumbersTests(host), IClassFixture<PostgresHost>;

public abstract class ReceiptNumbersTests(HostFixture fixture) : ServerTests(fixture)
{
    private const int Receipts = 50;

    [Fact]
    public async Task Fifty_receipts_at_once_have_the_numbers_one_to_fifty()
    {
        var money = await Host.NewType(2, "USD");
        var type = await Host.NewType();
        var pack = await Host.NewPack(type, 500, 10, "USD");
        var purchases = new string[Receipts];
        await Parallel.ForAsync(0, Receipts, async (i, _) =>
        {
            var tenant = await Host.NewTenant();
            await Host.Grant(tenant, money, 10);
            purchases[i] = (await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, stop: Stop)).Id;
        });

        // Each is asked for by three at once, and refused for what is not paid, which must not take a number.
        var unpaid = $"{await Host.NewTenant()}~{Guid.CreateVersion7()}";
        var numbers = await Task.WhenAll(Enumerable.Range(0, 3 * Receipts).Select(async i =>
        {
            if (i % 10 == 0) await Refused(Client.GetReceipt(unpaid, Stop), 404, "purchase_unknown");
            return (await Client.GetReceipt(purchases[i % Receipts], Stop)).Number;
        }));
        numbers.Distinct().Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(1, Receipts));
        for (var i = 0; i < Receipts; i++) numbers[i].ShouldBe(numbers[i + Receipts]);
    }
}
