using Shouldly;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Tenancy;

public sealed class ScopeTests
{
    [Fact]
    public void Every_scope_has_a_name_that_leads_back_to_it()
    {
        foreach (var scope in Enum.GetValues<Scope>().Where(scope => scope != Scope.None))
            Scopes.NamesOf(scope).Select(Scopes.Of).ShouldBe([scope]);
    }

    [Fact]
    public void All_is_stored_as_all_so_that_it_grows() => Scopes.NamesOf(Scope.All).ShouldBe(["all"]);

    [Theory]
    [InlineData("")]
    [InlineData("Read")]
    [InlineData("none")]
    [InlineData("read ")]
    public void What_is_no_name_is_no_scope(string name) => Scopes.Of(name).ShouldBe(Scope.None);
}
