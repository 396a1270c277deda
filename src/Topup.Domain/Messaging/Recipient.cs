using System.Globalization;

namespace Topup.Domain.Messaging;

/// <summary>One recipient of messages: how it is told from others, and how it may be shown.</summary>
public static class Recipient
{
    private const int ShownAtEnd = 4;
    private const int ShownAtStart = 3;

    /// <summary>Fewer digits than this hidden would be no secret.</summary>
    private const int HiddenMin = 4;

    /// <summary>One spelling for all that reach the same: mailboxes are told apart by no capitals, domains by no script.</summary>
    public static string Canonical(string channel, string to)
    {
        if (channel != "email") return to;
        var at = to.LastIndexOf('@');
        return (to[..(at + 1)] + AsciiOf(to[(at + 1)..])).ToLowerInvariant();
    }

    /// <summary>So much of it that whoever knows it knows it again, and nobody else: <c>+55…1234</c>, <c>a…@example.com</c>.</summary>
    public static string Masked(string channel, string to)
    {
        if (channel == "email" && to.LastIndexOf('@') is > 0 and var at) return $"{First(to)}…{to[at..]}";
        if (to.Length >= ShownAtStart + ShownAtEnd + HiddenMin && to[0] == '+') return $"{to[..ShownAtStart]}…{to[^ShownAtEnd..]}";
        return First(to) + "…";
    }

    /// <summary>Whole, also where it takes two units.</summary>
    private static string First(string to) => to.Length == 0 ? "" : StringInfo.GetNextTextElement(to);

    private static string AsciiOf(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }
}
