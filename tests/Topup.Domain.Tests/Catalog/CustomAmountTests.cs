using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class CustomAmountTests
{
    private const int Packs = 500;

    /// <summary>500 for 10.00; from 40.00 on 10 % more, from 80.00 on 25 %.</summary>
    private static readonly Pack Sms = PackOf(credits: 500, price: 10_00, min: 5_00, max: 500_00, new Bonus(40_00, 10), new Bonus(80_00, 25));

    [Theory]
    [InlineData(4_99, CustomAmountProblem.BelowMinimum, 0)]
    [InlineData(5_00, CustomAmountProblem.None, 250)]
    [InlineData(5_01, CustomAmountProblem.None, 250)]
    [InlineData(5_02, CustomAmountProblem.None, 251)]
    [InlineData(39_99, CustomAmountProblem.None, 1_999)]
    [InlineData(40_00, CustomAmountProblem.None, 2_200)]
    [InlineData(79_99, CustomAmountProblem.None, 4_399)]
    [InlineData(80_00, CustomAmountProblem.None, 5_000)]
    [InlineData(500_00, CustomAmountProblem.None, 31_250)]
    [InlineData(500_01, CustomAmountProblem.AboveMaximum, 0)]
    [InlineData(0, CustomAmountProblem.BelowMinimum, 0)]
    [InlineData(-1, CustomAmountProblem.BelowMinimum, 0)]
    [InlineData(long.MaxValue, CustomAmountProblem.AboveMaximum, 0)]
    public void A_price_buys_credits_at_the_rate_with_the_highest_bonus_it_reaches(long price, CustomAmountProblem problem, long credits)
    {
        Sms.CreditsFor(price, out var bought).ShouldBe(problem);
        bought.ShouldBe(credits);
    }

    [Theory]
    [InlineData(1, CustomAmountProblem.None, 5_00)]
    [InlineData(250, CustomAmountProblem.None, 5_00)]
    [InlineData(251, CustomAmountProblem.None, 5_02)]
    [InlineData(1_999, CustomAmountProblem.None, 39_98)]
    [InlineData(2_000, CustomAmountProblem.None, 40_00)]
    [InlineData(2_200, CustomAmountProblem.None, 40_00)]
    [InlineData(2_201, CustomAmountProblem.None, 40_02)]
    [InlineData(4_400, CustomAmountProblem.None, 80_00)]
    [InlineData(5_000, CustomAmountProblem.None, 80_00)]
    [InlineData(31_250, CustomAmountProblem.None, 500_00)]
    [InlineData(31_251, CustomAmountProblem.AboveMaximum, 0)]
    [InlineData(long.MaxValue, CustomAmountProblem.AboveMaximum, 0)]
    public void A_shortfall_costs_the_smallest_price_that_covers_it(long credits, CustomAmountProblem problem, long price)
    {
        Sms.PriceFor(credits, out var asked).ShouldBe(problem);
        asked.ShouldBe(price);
    }

    [Fact]
    public void A_price_that_buys_nothing_and_one_that_buys_more_than_there_may_be_are_refused()
    {
        var dear = PackOf(credits: 1, price: 100, min: 1, max: 1_000);
        dear.CreditsFor(99, out _).ShouldBe(CustomAmountProblem.TooFewCredits);
        dear.CreditsFor(100, out var one).ShouldBe(CustomAmountProblem.None);
        one.ShouldBe(1);

        var cheap = PackOf(credits: Amount.Max, price: 2, min: 1, max: Amount.Max, new Bonus(2, 10));
        cheap.CreditsFor(1, out var half).ShouldBe(CustomAmountProblem.None);
        half.ShouldBe(Amount.Max / 2);
        cheap.CreditsFor(2, out _).ShouldBe(CustomAmountProblem.TooManyCredits);
        cheap.CreditsFor(Amount.Max, out _).ShouldBe(CustomAmountProblem.TooManyCredits);
        cheap.PriceFor(Amount.Max / 2 + 1, out _).ShouldBe(CustomAmountProblem.TooManyCredits);
        PackOf(credits: 1, price: Amount.Max, min: 1, max: Amount.Max).PriceFor(long.MaxValue, out _).ShouldBe(CustomAmountProblem.AboveMaximum);
    }

    [Fact]
    public void A_pack_with_a_fixed_price_has_no_other()
    {
        var pack = Sms with { Custom = null };
        Should.Throw<InvalidOperationException>(() => pack.CreditsFor(10_00, out _)).Message.ShouldContain("fixed price");
        Should.Throw<InvalidOperationException>(() => pack.PriceFor(500, out _)).Message.ShouldContain("fixed price");
    }

    [Fact]
    public void Credits_are_those_of_exact_arithmetic_rounded_down() => ForAllPacks(pack =>
    {
        foreach (var price in Prices(pack))
        {
            var percent = pack.Custom!.Bonuses.Where(bonus => bonus.FromPrice <= price).Select(bonus => bonus.Percent).DefaultIfEmpty().Max();
            var exact = (decimal)price * pack.Credits * (100 + percent) / 100 / pack.Price;
            var problem = pack.CreditsFor(price, out var credits);
            problem.ShouldBe(exact < 1 ? CustomAmountProblem.TooFewCredits : CustomAmountProblem.None, pack.ToString());
            credits.ShouldBe(problem == CustomAmountProblem.None ? (long)Math.Floor(exact) : 0, pack.ToString());
        }
    });

    [Fact]
    public void Paying_more_never_brings_less() => ForAllPacks(pack =>
    {
        var most = 0L;
        foreach (var price in Prices(pack))
        {
            pack.CreditsFor(price, out var credits);
            credits.ShouldBeGreaterThanOrEqualTo(most, $"{price} of {pack}");
            most = credits;
        }
    });

    [Fact]
    public void The_price_of_credits_is_what_trying_every_price_finds() => ForAllPacks(pack =>
    {
        pack.CreditsFor(pack.Custom!.MaxPrice, out var most);
        for (var credits = 1L; credits <= most + 2; credits += Math.Max(most / 50, 1))
        {
            var found = Prices(pack).FirstOrDefault(price => pack.CreditsFor(price, out var bought) == CustomAmountProblem.None && bought >= credits);
            var problem = pack.PriceFor(credits, out var asked);
            problem.ShouldBe(found == 0 ? CustomAmountProblem.AboveMaximum : CustomAmountProblem.None, $"{credits} of {pack}");
            asked.ShouldBe(found, $"{credits} of {pack}");
        }
    });

    private static IEnumerable<long> Prices(Pack pack)
    {
        for (var price = pack.Custom!.MinPrice; price <= pack.Custom.MaxPrice; price++) yield return price;
    }

    private static void ForAllPacks(Action<Pack> check)
    {
        var given = Environment.GetEnvironmentVariable("TOPUP_SEED");
        var seed = given is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(given, CultureInfo.InvariantCulture);
        var settings = Config.QuickThrowOnFailure.WithMaxTest(Packs).WithName($"TOPUP_SEED={seed}").WithReplay(seed, 1);
        Check.One(settings, Prop.ForAll(ArbMap.Default.ArbFor<int>(), number => check(RandomPack(new Random(number)))));
    }

    private static Pack RandomPack(Random random)
    {
        var (min, price) = (random.Next(1, 200), random.Next(1, 300));
        var max = min + random.Next(0, 400);
        var credits = random.Next(2) == 0 ? random.Next(1, 20) : random.Next(1, 2_000);
        var from = Enumerable.Range(0, random.Next(0, 5)).Select(_ => (long)random.Next(min, max + 1)).Distinct().Order().ToList();
        var percent = 0;
        return PackOf(credits, price, min, max, [.. from.Select(begin => new Bonus(begin, percent += random.Next(1, 60)))]);
    }

    private static Pack PackOf(long credits, long price, long min, long max, params ImmutableArray<Bonus> bonuses) => new()
    {
        Code = "any",
        Type = "sms",
        Name = "SMS",
        Price = price,
        Currency = "USD",
        Credits = credits,
        Active = true,
        Custom = new CustomAmount(min, max, bonuses),
    };
}
