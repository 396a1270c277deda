using Shouldly;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Tenancy;

public sealed class OperatorRulesTests
{
    private static readonly Instant Noon = new(1_700_000_000_000);

    [Theory]
    [InlineData("", PasswordRefusal.TooShort)]
    [InlineData("elevenchars", PasswordRefusal.TooShort)]
    [InlineData("twelve chars", PasswordRefusal.None)]
    [InlineData("twelve spaces and é", PasswordRefusal.None)]
    [InlineData("loremipsumdolor", PasswordRefusal.None)]
    [InlineData("aaaaaaaaaaaa", PasswordRefusal.TooCommon)]
    [InlineData("abcabcabcabcab", PasswordRefusal.TooCommon)]
    [InlineData("2024202420242024", PasswordRefusal.TooCommon)]
    [InlineData("Password1234", PasswordRefusal.TooCommon)]
    [InlineData("QWERTYUIOP123", PasswordRefusal.TooCommon)]
    [InlineData("my MARIANNE@example.COM", PasswordRefusal.HasEmail)]
    [InlineData("Marianne2026!!", PasswordRefusal.HasEmail)]
    public void A_password_is_long_and_not_one_that_is_tried_first(string password, PasswordRefusal refusal) =>
        PasswordRules.Check(password, "marianne@example.com").ShouldBe(refusal);

    [Fact]
    public void A_password_has_an_end_and_a_short_name_is_a_word_like_any_other()
    {
        var two_hundred = string.Concat(Enumerable.Repeat("abcdefghij", 20));
        PasswordRules.Check(two_hundred, "").ShouldBe(PasswordRefusal.None);
        PasswordRules.Check(two_hundred + "k", "").ShouldBe(PasswordRefusal.TooLong);
        PasswordRules.Check("go to the sea by bike", "sea@example.com").ShouldBe(PasswordRefusal.None);
    }

    [Fact]
    public void After_the_free_failures_each_one_doubles_the_wait_up_to_a_minute()
    {
        var failures = default(SignInFailures);
        var waits = new List<int>();
        for (var i = 0; i < 15; i++)
        {
            failures = failures.WithOneMore(free: 5, Noon);
            waits.Add(failures.WaitSeconds(Noon));
        }
        waits.ShouldBe([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        failures.WaitSeconds(Noon.Plus(TimeSpan.FromMilliseconds(59_001))).ShouldBe(1);
        failures.WaitSeconds(Noon.Plus(TimeSpan.FromMilliseconds(60_000))).ShouldBe(0);
        (failures with { Count = long.MaxValue / 2 }).WithOneMore(5, Noon).WaitSeconds(Noon).ShouldBe(60);
    }

    [Fact]
    public void An_attempt_that_succeeds_is_not_counted_and_a_day_without_failures_forgets_them()
    {
        var failures = default(SignInFailures);
        for (var i = 0; i < 6; i++) failures = failures.WithOneMore(5, Noon);
        failures.WithOneLess().ShouldSatisfyAllConditions(left => left.Count.ShouldBe(5), left => left.WaitSeconds(Noon).ShouldBe(0));
        default(SignInFailures).WithOneLess().Count.ShouldBe(0);
        failures.WithOneMore(5, Noon.Plus(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1))).Count.ShouldBe(7);
        failures.WithOneMore(5, Noon.Plus(TimeSpan.FromHours(24))).Count.ShouldBe(1);
    }

    [Fact]
    public void What_was_confirmed_counts_for_ten_minutes()
    {
        Confirmation.IsFresh(Noon, Noon.Plus(TimeSpan.FromMilliseconds(599_999))).ShouldBeTrue();
        Confirmation.IsFresh(Noon, Noon.Plus(TimeSpan.FromMilliseconds(600_000))).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 11, false)]
    [InlineData(0, 12, true)]
    [InlineData(160, 167, false)]
    [InlineData(160, 168, true)]
    public void A_session_ends_by_rest_or_by_age(int seenHours, int nowHours, bool isOver) =>
        SessionLimits.OfOperators.IsOver(Noon, Noon.Plus(TimeSpan.FromHours(seenHours)), Noon.Plus(TimeSpan.FromHours(nowHours))).ShouldBe(isOver);

    [Fact]
    public void Roles_may_what_they_are_for()
    {
        OperatorRoles.ScopesOf(OperatorRole.Owner).ShouldBe(Scope.All);
        OperatorRoles.ScopesOf(OperatorRole.Manager).ShouldBe(Scope.All & ~Scope.Keys);
        OperatorRoles.ScopesOf(OperatorRole.Support).ShouldBe(Scope.Read);
        foreach (var role in Enum.GetValues<OperatorRole>()) OperatorRoles.Of(OperatorRoles.NameOf(role)).ShouldBe(role);
        OperatorRoles.Of("root").ShouldBeNull();
        OperatorRoles.Of(null).ShouldBeNull();
    }

    [Fact]
    public void A_portal_never_does_more_than_read_buy_and_set_limits()
    {
        PortalScopes.ScopesOf(PortalScope.View).ShouldBe(Scope.Read);
        PortalScopes.ScopesOf(PortalScope.View | PortalScope.Buy | PortalScope.Settings).ShouldBe(Scope.Read | Scope.Purchase | Scope.Limits);
        PortalScopes.Names.Select(PortalScopes.Of).ShouldBe([PortalScope.View, PortalScope.Buy, PortalScope.Settings]);
        PortalScopes.Of("all").ShouldBe(PortalScope.None);
    }
}
