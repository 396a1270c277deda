using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Topup.Domain.Ledger;

/// <summary>
/// What one entry took, and from where, in the order it was taken. Reversals walk it backwards: credits return to
/// where they came from, whatever today's order would be.
/// </summary>
public readonly struct Draw : IEquatable<Draw>
{
    public static readonly Draw Nothing = new([]);

    private readonly ImmutableArray<DrawPart> parts;

    public Draw(ImmutableArray<DrawPart> parts) => this.parts = parts;

    public ImmutableArray<DrawPart> Parts => parts.IsDefault ? [] : parts;

    public long Total => Sum(null);

    /// <summary>From the allowance, counted uses of an unlimited one included.</summary>
    public long Allowance => Sum(DrawSource.Allowance) + Sum(DrawSource.Unlimited);

    public long Purchased => Sum(DrawSource.Lot);

    public long Debt => Sum(DrawSource.Debt);

    /// <summary>The first <paramref name="units"/> of this draw.</summary>
    public Draw First(long units)
    {
        var taken = ImmutableArray.CreateBuilder<DrawPart>();
        foreach (var part in Parts)
        {
            var share = Math.Min(part.Units, units);
            if (share > 0) taken.Add(part with { Units = share });
            units -= share;
        }
        return new Draw(taken.ToImmutable());
    }

    /// <summary>This draw without its first <paramref name="units"/>.</summary>
    public Draw After(long units)
    {
        var rest = ImmutableArray.CreateBuilder<DrawPart>();
        foreach (var part in Parts)
        {
            var skipped = Math.Min(part.Units, units);
            if (part.Units > skipped) rest.Add(part with { Units = part.Units - skipped });
            units -= skipped;
        }
        return new Draw(rest.ToImmutable());
    }

    public Draw Backwards() => new([.. Parts.Reverse()]);

    public Draw And(Draw more) => new([.. Parts, .. more.Parts]);

    /// <summary>
    /// The stored form: parts apart by spaces, <c>a30@7</c> is 30 of period 7's allowance, <c>u5@7</c> five uses of an
    /// unlimited one, <c>l812:10</c> ten of lot 812, <c>d4</c> four that became debt.
    /// </summary>
    public override string ToString()
    {
        if (Parts.IsEmpty) return "";
        var text = new StringBuilder(24);
        foreach (var (source, of, units) in Parts)
        {
            if (text.Length > 0) text.Append(' ');
            _ = source switch
            {
                DrawSource.Allowance => text.Append(CultureInfo.InvariantCulture, $"a{units}@{of}"),
                DrawSource.Unlimited => text.Append(CultureInfo.InvariantCulture, $"u{units}@{of}"),
                DrawSource.Lot => text.Append(CultureInfo.InvariantCulture, $"l{of}:{units}"),
                DrawSource.Debt => text.Append(CultureInfo.InvariantCulture, $"d{units}"),
            };
        }
        return text.ToString();
    }

    /// <summary>Reads the stored form back. Text that <see cref="ToString"/> did not write is a <see cref="FormatException"/>.</summary>
    public static Draw Parse(string text)
    {
        if (text.Length == 0) return Nothing;
        var parts = ImmutableArray.CreateBuilder<DrawPart>();
        foreach (var word in text.Split(' ')) parts.Add(ParsePart(word));
        return new Draw(parts.ToImmutable());
    }

    private static DrawPart ParsePart(string word)
    {
        var rest = word.Length > 0 ? word.AsSpan(1) : [];
        var (at, colon) = (rest.IndexOf('@'), rest.IndexOf(':'));
        return word.Length == 0 ? throw new FormatException("A draw has an empty part.") : word[0] switch
        {
            'a' when at > 0 => new DrawPart(DrawSource.Allowance, Number(rest[(at + 1)..]), Number(rest[..at])),
            'u' when at > 0 => new DrawPart(DrawSource.Unlimited, Number(rest[(at + 1)..]), Number(rest[..at])),
            'l' when colon > 0 => new DrawPart(DrawSource.Lot, Number(rest[..colon]), Number(rest[(colon + 1)..])),
            'd' => new DrawPart(DrawSource.Debt, 0, Number(rest)),
            _ => throw new FormatException($"'{word}' is no part of a draw."),
        };
    }

    private static long Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{digits}' is no number of a draw.");

    private long Sum(DrawSource? source)
    {
        var sum = 0L;
        foreach (var part in Parts)
            if (source is null || part.Source == source) sum += part.Units;
        return sum;
    }

    public bool Equals(Draw other) => Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    public override bool Equals(object? obj) => obj is Draw other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(Draw left, Draw right) => left.Equals(right);

    public static bool operator !=(Draw left, Draw right) => !left.Equals(right);
}

/// <summary>Units from one source.</summary>
/// <param name="Of">Number of the period (allowance) or of the lot; 0 for debt.</param>
public readonly record struct DrawPart(DrawSource Source, long Of, long Units);

public enum DrawSource
{
    Allowance,
    Unlimited,
    Lot,
    Debt,
}
