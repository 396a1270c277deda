using System.Globalization;
using System.Text;

namespace Topup.Server.Messaging.Drivers.Smtp;

/// <summary>
/// An e-mail as it goes over the wire: lines that end with CRLF, in ASCII alone. Source: RFC 5322 (headers), RFC 2047 (words that are not
/// ASCII), RFC 2045 (quoted-printable), RFC 2046 (alternatives).
/// </summary>
internal static class MailText
{
    private const int QuotedLineMax = 76;

    /// <summary>Bytes whose base64 fits an encoded word of 75 characters.</summary>
    private const int WordBytesMax = 45;

    /// <param name="id">The same for every attempt, without angle brackets.</param>
    /// <exception cref="ArgumentException">A header would have a control character, and so could be more than one.</exception>
    public static string Of(string from, string fromName, string to, string subject, string text, string html, string id, DateTimeOffset now)
    {
        var mail = new StringBuilder();
        Header(mail, "From", fromName.Length == 0 ? $"<{Safe(from)}>" : $"{Word(fromName, quoted: true)} <{Safe(from)}>");
        Header(mail, "To", $"<{Safe(to)}>");
        Header(mail, "Subject", Word(subject, quoted: false));
        Header(mail, "Date", now.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + "+0000");
        Header(mail, "Message-ID", $"<{Safe(id)}>");
        Header(mail, "MIME-Version", "1.0");
        if (text.Length > 0 && html.Length > 0)
        {
            // Quoted-printable never has "=_", so no text can end the part it stands in.
            var boundary = "=_" + id[..id.IndexOf('@')];
            Header(mail, "Content-Type", $"multipart/alternative;\r\n boundary=\"{Safe(boundary)}\"");
            mail.Append("\r\n");
            Part(mail.Append("--").Append(boundary).Append("\r\n"), "plain", text);
            Part(mail.Append("--").Append(boundary).Append("\r\n"), "html", html);
            mail.Append("--").Append(boundary).Append("--\r\n");
        }
        else Part(mail, text.Length > 0 ? "plain" : "html", text.Length > 0 ? text : html);
        return mail.ToString();
    }

    /// <summary>Lines that begin with a point get another, so that none ends the mail.</summary>
    public static string Stuffed(string mail)
    {
        var stuffed = mail.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return stuffed.StartsWith('.') ? "." + stuffed : stuffed;
    }

    private static void Part(StringBuilder mail, string kind, string content)
    {
        Header(mail, "Content-Type", $"text/{kind}; charset=utf-8");
        Header(mail, "Content-Transfer-Encoding", "quoted-printable");
        mail.Append("\r\n").Append(QuotedPrintable(content)).Append("\r\n");
    }

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static string Safe(string value) => value.All(c => c is >= ' ' and <= '~')
        ? value
        : throw new ArgumentException("A header would have a character that is not printable ASCII.");

    /// <summary>A text in a header: as it is where that is possible, else in encoded words.</summary>
    private static string Word(string text, bool quoted)
    {
        if (text.Any(char.IsControl)) throw new ArgumentException("A header would have a control character.");
        var isPlain = text.All(char.IsAscii) && !text.Contains("=?", StringComparison.Ordinal);
        if (isPlain) return quoted ? '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"' : text;
        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + next.Length > WordBytesMax) Flush();
            bytes.AddRange(next);
        }
        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }

    private static string QuotedPrintable(string content)
    {
        var encoded = new StringBuilder();
        var lines = content.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) encoded.Append("\r\n");
            Line(encoded, Encoding.UTF8.GetBytes(lines[i]));
        }
        return encoded.ToString();
    }

    private static void Line(StringBuilder encoded, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var isLast = i == line.Length - 1;
            var isPlain = line[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (line[i] is (byte)' ' or (byte)'\t' && !isLast);
            var width = isPlain ? 1 : 3;
            if (column + width > QuotedLineMax - 1)
            {
                encoded.Append("=\r\n");
                column = 0;
            }
            if (isPlain) encoded.Append((char)line[i]);
            else encoded.Append(CultureInfo.InvariantCulture, $"={line[i]:X2}");
            column += width;
        }
    }
}
