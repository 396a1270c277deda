using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class DrawTests
{
    private static readonly Draw Mixed = Draw.Parse("a30@7 l812:10 l813:5 d4");

    [Theory]
    [InlineData("")]
    [InlineData("a30@7")]
    [InlineData("u5@7")]
    [InlineData("l812:10")]
    [InlineData("d4")]
    [InlineData("a30@7 l812:10 l813:5 d4")]
    [InlineData("a9223372036854775807@2147483647 l9223372036854775807:9223372036854775807")]
    public void The_stored_form_is_read_back_as_it_was_written(string text) => Draw.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData(" ")]
    [InlineData("a30")]
    [InlineData("a@7")]
    [InlineData("a30@")]
    [InlineData("a30:7")]
    [InlineData("l812@10")]
    [InlineData("l812")]
    [InlineData("d")]
    [InlineData("d-4")]
    [InlineData("x4")]
    [InlineData("a30@7  d4")]
    [InlineData("d4 ")]
    [InlineData("d9223372036854775808")]
    public void Any_other_text_is_a_format_error(string text) => Should.Throw<FormatException>(() => Draw.Parse(text));

    [Fact]
    public void Random_draws_come_back_equal()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 1_000; i++)
        {
            var draw = new Draw([.. Enumerable.Range(0, random.Next(6)).Select(_ => AnyPart(random))]);
            Draw.Parse(draw.ToString()).ShouldBe(draw);
            Draw.Parse(draw.ToString()).GetHashCode().ShouldBe(draw.GetHashCode());
        }
    }

    [Fact]
    public void Totals_are_by_source()
    {
        (Mixed.Total, Mixed.Allowance, Mixed.Purchased, Mixed.Debt).ShouldBe((49, 30, 15, 4));
        Draw.Parse("a1@7 u2@7").Allowance.ShouldBe(3);
    }

    [Theory]
    [InlineData(0, "", "a30@7 l812:10 l813:5 d4")]
    [InlineData(12, "a12@7", "a18@7 l812:10 l813:5 d4")]
    [InlineData(30, "a30@7", "l812:10 l813:5 d4")]
    [InlineData(33, "a30@7 l812:3", "l812:7 l813:5 d4")]
    [InlineData(49, "a30@7 l812:10 l813:5 d4", "")]
    [InlineData(99, "a30@7 l812:10 l813:5 d4", "")]
    public void A_draw_is_cut_in_two_without_loss(long units, string first, string after)
    {
        Mixed.First(units).ToString().ShouldBe(first);
        Mixed.After(units).ToString().ShouldBe(after);
    }

    [Fact]
    public void Backwards_is_last_drawn_first() => Mixed.Backwards().ToString().ShouldBe("d4 l813:5 l812:10 a30@7");

    [Fact]
    public void Two_draws_join_in_order() => Draw.Parse("a1@1").And(Draw.Parse("d2")).ToString().ShouldBe("a1@1 d2");

    [Fact]
    public void A_draw_never_made_is_the_draw_of_nothing()
    {
        default(Draw).ShouldBe(Draw.Nothing);
        (default(Draw) == new Draw(ImmutableArray<DrawPart>.Empty)).ShouldBeTrue();
        (default(Draw) != Mixed).ShouldBeTrue();
        default(Draw).ToString().ShouldBe("");
        default(Draw).Total.ShouldBe(0);
    }

    private static DrawPart AnyPart(Random random)
    {
        var source = (DrawSource)random.Next(4);
        return new DrawPart(source, source == DrawSource.Debt ? 0 : random.NextInt64(), random.NextInt64(1, long.MaxValue));
    }
}
