using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class ListPurchasesOnSqlite(SqlitePayments payments) : ListPurchasesTests(payments), IClassFixture<SqlitePayments>;

public sealed class ListPurchasesOnPostgres(PostgresPayments payments) : ListPurchasesTests(payments), IClassFixture<PostgresPayments>;

public abstract class ListPurchasesTests(PaymentsFixture payments) : PaymentTests(payments)
{
    [Fact]
    public async Task Purchases_are_found_by_state_method_and_tenant_and_wrong_questions_are_named()
    {
        var (open, paid) = (await NewOrder(Stripe), await NewOrder(MercadoPago));
        await Deliver(MercadoPago, MercadoPago.NewsOf(() => MercadoPago.Pay(paid.Number)));

        (await Client.ListAllPurchasesPage(method: "stripe", tenant: open.Shop.Tenant, stop: Stop)).Data.ShouldHaveSingleItem().Id.ShouldBe(open.Id);
        (await Client.ListAllPurchasesPage(method: "mercadopago", tenant: open.Shop.Tenant, stop: Stop)).Data.ShouldBeEmpty();
        (await Client.ListAllPurchasesPage(status: "credited", tenant: paid.Shop.Tenant, stop: Stop)).Data.ShouldHaveSingleItem().Id.ShouldBe(paid.Id);
        (await Client.ListAllPurchasesPage(status: "credited", method: "stripe", tenant: paid.Shop.Tenant, stop: Stop)).Data.ShouldBeEmpty();
        await Refused(Client.ListAllPurchasesPage(method: "cash", stop: Stop), 400, "invalid_field", "method");
        await Refused(Client.ListAllPurchasesPage(tenant: "a b", stop: Stop), 400, "invalid_field", "tenant");
        await Refused(Client.ListAllPurchasesPage(status: "bought", stop: Stop), 400, "invalid_field", "status");

        using var bound = Host.NewHttp(await Host.NewKey(open.Shop.Tenant, "read"));
        using var client = new Topup.Client.TopupClient(bound);
        await Refused(client.ListAllPurchasesPage(tenant: paid.Shop.Tenant, stop: Stop), 404, "tenant_unknown", "tenant");
    }

    [Fact]
    public async Task Purchases_are_a_file_that_no_spreadsheet_runs()
    {
        var type = await Host.NewType();
        await Money(Stripe);
        var pack = await Host.NewPack(type, 5, 1, "USD");
        await Client.SavePack(pack, new PackRequest { Type = type, Name = "=HYPERLINK(1)", Price = 1, Currency = "USD", Credits = 5 }, stop: Stop);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, await Money(Stripe), 10);
        var bought = await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance", Reference = "+1" }, "csv-1", Stop);
        var lines = (await Host.Http.GetStringAsync(new Uri($"/v1/purchases?format=csv&tenant={tenant}", UriKind.Relative), Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("id,created_at,paid_at,tenant,status");
        lines[1].ShouldStartWith(bought.Id);
        lines[1].ShouldNotContain(",=HYPERLINK");
        lines[1].ShouldNotContain(",+1");
    }
}
