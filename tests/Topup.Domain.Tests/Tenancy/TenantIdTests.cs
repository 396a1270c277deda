using Shouldly;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Tenancy;

public sealed class TenantIdTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("Acme.Corp_1:eu-west", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    [InlineData("a\0", false)]
    [InlineData("a\n", false)]
    public void An_id_is_of_its_alphabet(string? id, bool expected) => TenantId.IsValid(id).ShouldBe(expected);

    [Fact]
    public void An_id_has_at_most_64_characters()
    {
        TenantId.IsValid(new string('x', 64)).ShouldBeTrue();
        TenantId.IsValid(new string('x', 65)).ShouldBeFalse();
    }

    // Stored keys begin with these numbers: a change here loses every tenant.
    [Theory]
    [InlineData("acme", 102)]
    [InlineData("demo", 80)]
    [InlineData("tenant:42", 235)]
    [InlineData("A", 245)]
    public void A_bucket_never_changes(string id, int bucket) => TenantId.Bucket(id).ShouldBe(bucket);

    [Fact]
    public void Tenants_spread_over_all_buckets()
    {
        var counts = new int[TenantId.Buckets];
        for (var i = 0; i < 25_600; i++) counts[TenantId.Bucket($"tenant-{i}")]++;
        counts.Min().ShouldBeGreaterThan(50);
        counts.Max().ShouldBeLessThan(200);
    }
}
