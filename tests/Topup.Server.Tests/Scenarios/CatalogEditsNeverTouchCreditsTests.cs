using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class CatalogEditsNeverTouchCreditsOnSqlite(SqliteHost host) : CatalogEditsNeverTouchCreditsTests(host), IClassFixture<SqliteHost>;

public sealed class CatalogEditsNeverTouchCreditsOnPostgres(PostgresHost host) : CatalogEditsNeverTouchCreditsTests(host), IClassFixture<PostgresHost>;

public abstract class CatalogEditsNeverTouchCreditsTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task Whatever_is_done_to_packs_types_and_plans_what_was_bought_stays()
    {
        var (sms, money) = (await Host.NewType(), await Host.NewType(2, "SEK"));
        var plan = await Host.NewPlan((sms, 10));
        var tenant = await Host.NewTenant(plan);
        var pack = await Host.NewPack(sms, 100, 5, "SEK");
        await Host.Grant(tenant, money, 5);
        await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, stop: Stop);
        var lot = (await All(Client.ListGrants(tenant, sms, Stop))).Single();

        var sold = new PackRequest { Type = sms, Name = "renamed", Credits = 100, Price = 5, Currency = "SEK", Active = false };
        await Client.SavePack(pack, sold, stop: Stop);
        await Refused(Client.SavePack(pack, sold with { Credits = 1 }, stop: Stop), 409, "pack_locked", "credits");
        await Refused(Client.SavePack(pack, sold with { Price = 1 }, stop: Stop), 409, "pack_locked", "price");
        await Client.DeletePack(pack, stop: Stop);
        await Host.SavePlan(plan, (sms, 0));
        await Refused(Client.DeletePlan(plan, stop: Stop), 409, "in_use", "code");
        await Refused(Client.DeleteCreditType(sms, stop: Stop), 409, "in_use", "code");
        var type = new CreditTypeRequest { Name = "renamed", Unit = "u", Decimals = 0, Enabled = false };
        await Client.SaveCreditType(sms, type, stop: Stop);
        await Refused(Client.SaveCreditType(sms, type with { Decimals = 1 }, stop: Stop), 409, "credit_type_locked", "decimals");

        (await All(Client.ListGrants(tenant, sms, Stop))).Single().ShouldBe(lot);
        (await Host.Consume(tenant, sms, 1)).Reason.ShouldBe("type_disabled");
        (await Client.GetPool(tenant, sms, Stop)).Status.ShouldBe("disabled");
        await Client.SaveCreditType(sms, type with { Enabled = true }, stop: Stop);
        (await Host.Consume(tenant, sms, 100)).Drawn.Purchased.ShouldBe(100);
    }
}
