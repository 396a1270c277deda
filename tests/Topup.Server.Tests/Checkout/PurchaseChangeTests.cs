using Shouldly;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Checkout;
using Topup.Server.Ledger;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class PurchaseChangeTests
{
    private static readonly Instant Now = Instant.From(TestHost.Beginning);

    /// <summary>It is credited in the next transaction. Whoever dies in between leaves it to the reconciler.</summary>
    [Fact]
    public void A_surplus_that_is_not_credited_yet_makes_its_purchase_due_at_once()
    {
        var paid = Row.Purchase with { Status = PurchaseStatus.Credited, Paid = 1_000, Payments = "1", Surplus = 1_000 };
        Saved(Row, paid).CheckAt.ShouldBe(Now);
        Saved(Row, paid with { SurplusCredited = 1_000 }).CheckAt.ShouldBe(Instant.Never);
        Saved(Row, paid with { Review = ReviewReason.NoBalance }).CheckAt.ShouldBe(Instant.Never, "a person has been asked");
    }

    [Fact]
    public void A_purchase_that_has_changed_since_it_was_seen_is_left_as_it_is()
    {
        var change = Change(Row, Row.Purchase with { Status = PurchaseStatus.Expired });
        change.Decide(new LedgerCase(Pool.Empty, Terms, Now, null, 0, Row with { Version = Row.Version + 1 }, Tenant, CatalogSnapshot.Empty));
        change.WriteAlongside(new LedgerOutcome(), new Alongside());
        change.Result.ShouldBeNull();
    }

    private static PurchaseRow Row => new()
    {
        Tenant = "tenant",
        Purchase = new Purchase { Order = Guid.Empty.ToString(), Method = "mercadopago", Type = "sms", Credits = 500, Price = 1_000, Currency = "BRL", Status = PurchaseStatus.Pending },
        Pack = "pack", Title = "500 SMS", ReturnToken = "token", Key = "key", Fingerprint = 1, Actor = "test", CreatedAt = Now, ExpiresAt = Now.Plus(TimeSpan.FromHours(1)),
        CheckAt = Now.Plus(TimeSpan.FromMinutes(1)), Version = 7,
    };

    private static Terms Terms { get; } = new() { Period = new(1, new Instant(0), new Instant(long.MaxValue / 2)), Limit = 0 };

    private static Tenant Tenant { get; } = new("tenant", null, TenantStatus.Active, 1, Terms.Period);

    private static PurchaseRow Saved(PurchaseRow row, Purchase wanted)
    {
        var change = Change(row, wanted);
        change.Decide(new LedgerCase(Pool.Empty, Terms, Now, null, 0, row, Tenant, CatalogSnapshot.Empty));
        change.WriteAlongside(new LedgerOutcome(), new Alongside());
        return change.Result.ShouldNotBeNull();
    }

    private static PurchaseChange Change(PurchaseRow row, Purchase wanted) =>
        new(row, "sms", "test", now => new PurchaseDecision(Settlement.Decide(now.Pool, now.Terms, now.Now), wanted, []));
}
