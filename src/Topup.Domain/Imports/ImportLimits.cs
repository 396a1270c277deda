namespace Topup.Domain.Imports;

/// <summary>How much an import may be, and for how long what it holds of people is kept.</summary>
public static class ImportLimits
{
    /// <summary>10 MB.</summary>
    public const int BytesMax = 10_000_000;

    public const int RowsMax = 100_000;

    /// <summary>Of a file that is wrong, so many errors are told; they are counted to the end.</summary>
    public const int ErrorsMax = 100;

    /// <summary>Imports that are not over yet.</summary>
    public const int OpenMax = 20;

    /// <summary>So many rows are begun together by one server; those of tenants are one transaction.</summary>
    public const int PartRows = 100;

    /// <summary>From its end on, for the file of what failed.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);

    /// <summary>A file that was checked, and that nobody said yes to.</summary>
    public static readonly TimeSpan KeepUnconfirmed = TimeSpan.FromDays(1);
}
