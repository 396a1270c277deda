namespace Topup.Domain.Catalog;

/// <summary>The operator's own name of a credit type, plan, pack or rate card: 1 to 64 of <c>a-z 0-9 - _ .</c></summary>
public static class Code
{
    public const int LengthMax = 64;

    public static bool IsValid(string? code)
    {
        if (string.IsNullOrEmpty(code) || code.Length > LengthMax) return false;
        foreach (var c in code)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.')) return false;
        return true;
    }
}
