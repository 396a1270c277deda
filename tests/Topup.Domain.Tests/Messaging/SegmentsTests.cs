using Shouldly;
using Topup.Domain.Messaging;
using Xunit;

namespace Topup.Domain.Tests.Messaging;

public sealed class SegmentsTests
{
    [Theory]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("a", 306, 2)]
    [InlineData("a", 307, 3)]
    [InlineData("à", 160, 1)]
    [InlineData("€", 80, 1)]
    [InlineData("€", 81, 2)]
    [InlineData("\f", 80, 1)]
    [InlineData("á", 70, 1)]
    [InlineData("á", 71, 2)]
    [InlineData("á", 134, 2)]
    [InlineData("á", 135, 3)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 36, 2)]
    public void A_text_takes_as_many_segments_as_its_alphabet_says(string character, int times, int segments) =>
        Segments.Of(string.Concat(Enumerable.Repeat(character, times))).Count.ShouldBe(segments);

    [Fact]
    public void An_escaped_character_is_not_split_over_two_segments()
    {
        // 152 septets and then a euro: its two do not fit into the 153 of the first segment.
        Segments.Of(new string('a', 152) + "€" + new string('a', 152)).Count.ShouldBe(3);
        Segments.Of(new string('a', 151) + "€" + new string('a', 153)).Count.ShouldBe(2);
    }

    [Fact]
    public void A_surrogate_pair_is_not_split_over_two_segments()
    {
        Segments.Of(new string('á', 66) + "😀" + new string('á', 66)).Count.ShouldBe(3);
        Segments.Of(new string('á', 65) + "😀" + new string('á', 67)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà", true)]
    [InlineData("^{}\\[~]|€\f", true)]
    [InlineData("ação", false)]
    [InlineData("é", true)]
    [InlineData("ç", false)]
    [InlineData("í", false)]
    [InlineData("“typographic”", false)]
    [InlineData("`", false)]
    [InlineData("\t", false)]
    public void One_character_outside_the_alphabet_of_gsm_turns_the_whole_text(string text, bool isGsm) => Segments.Of(text).IsGsm.ShouldBe(isGsm);

    [Fact]
    public void An_empty_text_is_one_segment() => Segments.Of("").ShouldBe(new Segments(1, true));

    [Fact]
    public void Half_a_surrogate_pair_is_counted_as_one_unit() => Segments.Of(new string('\ud83d', 70)).Count.ShouldBe(1);
}
