using System.Collections.Immutable;
using System.Globalization;

namespace Topup.Domain.Ledger;

/// <summary>When a tenant wants to be warned of one of its pools. What is null is as the credit type says.</summary>
public sealed record Thresholds
{
    public const int MarksMax = 5;

    /// <summary>All as the credit type says.</summary>
    public static readonly Thresholds OfType = new();

    /// <summary>Low when the total is at or below one of these shares of the last refill, 1 to 99; empty: no such mark.</summary>
    public ImmutableArray<int>? Percents { get; init; }

    /// <summary>Low when the total is at or below one of these; empty: no such mark.</summary>
    public ImmutableArray<long>? Amounts { get; init; }

    /// <summary>Low when the forecast runs out within so many days; 0: never.</summary>
    public int? RunwayDays { get; init; }

    /// <summary>A lot is told of so many days before it expires; 0: never.</summary>
    public int? ExpiringDays { get; init; }

    /// <summary>The stored form of the marks: <c>p50,20 a100</c>; a letter alone is an empty list, none is what the type says.</summary>
    public string MarksText()
    {
        var percents = Percents is { } shares ? "p" + string.Join(',', shares.Select(Digits)) : "";
        var amounts = Amounts is { } units ? "a" + string.Join(',', units.Select(Digits)) : "";
        return percents.Length > 0 && amounts.Length > 0 ? percents + " " + amounts : percents + amounts;
    }

    /// <summary>Reads what <see cref="MarksText"/> wrote.</summary>
    public Thresholds WithMarks(string text)
    {
        var read = this;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = word[1..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(digits => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
            read = word[0] == 'p' ? read with { Percents = [.. numbers.Select(percent => (int)percent)] } : read with { Amounts = [.. numbers] };
        }
        return read;
    }

    private static string Digits<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A mark at which a pool is low: a share of the last refill, or an amount. One of the two is 0.</summary>
public readonly record struct LowMark(int Percent, long Amount)
{
    /// <summary>The largest total that is low by this mark.</summary>
    public long UnitsOf(long refillMark) => Percent > 0 ? refillMark / 100 * Percent + refillMark % 100 * Percent / 100 : Amount;
}
