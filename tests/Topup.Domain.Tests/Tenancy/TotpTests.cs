using System.Text;
using Shouldly;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Tenancy;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, SHA-1: the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code)
    {
        var now = new Instant(seconds * 1000);
        Totp.CodeOf(Secret, Totp.StepAt(now)).ShouldBe(code);
        Totp.Accept(Secret, code, now, 0).ShouldBe(Totp.StepAt(now));
    }

    /// <summary>RFC 4226, appendix D.</summary>
    [Fact]
    public void The_first_codes_are_those_of_the_standard_before_it() =>
        Enumerable.Range(0, 10).Select(step => Totp.CodeOf(Secret, step)).ShouldBe(
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]);

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_counts_one_step_before_and_after_its_own(int steps, bool counts)
    {
        var now = new Instant(1_700_000_000_000);
        var step = Totp.StepAt(now) + steps;
        Totp.Accept(Secret, Totp.CodeOf(Secret, step), now, 0).ShouldBe(counts ? step : null);
    }

    [Fact]
    public void A_code_counts_once_and_so_does_every_one_before_it()
    {
        var now = new Instant(1_700_000_000_000);
        var step = Totp.StepAt(now);
        Totp.Accept(Secret, Totp.CodeOf(Secret, step), now, step).ShouldBeNull();
        Totp.Accept(Secret, Totp.CodeOf(Secret, step - 1), now, step).ShouldBeNull();
        Totp.Accept(Secret, Totp.CodeOf(Secret, step + 1), now, step).ShouldBe(step + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870820")]
    [InlineData("28708a")]
    [InlineData("２８７０８２")]
    public void What_is_not_six_digits_is_no_code(string code) => Totp.Accept(Secret, code, new Instant(59_000), 0).ShouldBeNull();

    /// <summary>RFC 4648, section 10, without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void A_secret_is_written_in_base32_and_read_back(string secret, string text)
    {
        Totp.TextOf(Encoding.ASCII.GetBytes(secret)).ShouldBe(text);
        Encoding.ASCII.GetString(Totp.SecretOf(text)).ShouldBe(secret);
    }

    [Fact]
    public void An_app_reads_an_address_in_which_nothing_is_taken_for_something_else() =>
        Totp.AddressOf("MZXW6YTB", "Ann & Bob: SMS", "a+b@example.com").ShouldBe(
            "otpauth://totp/Ann%20%26%20Bob%3A%20SMS:a%2Bb%40example.com?secret=MZXW6YTB&issuer=Ann%20%26%20Bob%3A%20SMS&algorithm=SHA1&digits=6&period=30");
}
