using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>How many items to list, and after which; <see cref="After"/> is empty for the first page.</summary>
internal readonly record struct Paging(int Limit, string After)
{
    public const int LimitMax = 1_000;
    public const int LimitDefault = 100;
    // The longest names a tenant's usage, by type, usage type and subject.
    private const int CursorLengthMax = 1_024;

    /// <summary>One item more than the page holds: whether it is there says whether another page follows.</summary>
    public int Rows => Limit + 1;

    public static Outcome<Paging> Read(string? limit, string? cursor)
    {
        var count = LimitDefault;
        if (limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > LimitMax))
            return Problems.Invalid("limit", $"limit must be a whole number from 1 to {LimitMax}.", LimitMax);
        if (string.IsNullOrEmpty(cursor)) return new Paging(count, "");
        return Decode(cursor) is { } after
            ? new Paging(count, after)
            : Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
    }

    /// <summary>A page of rows that were read with <see cref="Rows"/> as their limit.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> rows, Func<T, string> cursorOf) => rows.Count <= Limit
        ? new Page<T> { Data = rows }
        : new Page<T> { Data = [.. rows.Take(Limit)], NextCursor = Encode(cursorOf(rows[Limit - 1])) };

    private static string Encode(string after) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(after));

    private static string? Decode(string cursor)
    {
        if (cursor.Length > CursorLengthMax || !Base64Url.IsValid(cursor)) return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (!Utf8.IsValid(bytes)) return null;
        var after = Encoding.UTF8.GetString(bytes);
        return after.Length == 0 || after.Any(char.IsControl) ? null : after;
    }
}
