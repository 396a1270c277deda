using System.Text;
using Topup.Server.Checkout.Receipts.Pdf;

namespace Topup.Server.Checkout.Receipts;

/// <summary>
/// A receipt as PDF, A4. Its fonts come with the program, so it looks the same on every server: DejaVu Sans, which has
/// Latin, Greek, Cyrillic and the signs of currencies, but neither Chinese, Japanese nor Korean. The page has all scripts.
/// </summary>
internal sealed class ReceiptPdf
{
    // Points, of which 72 make an inch.
    private const decimal Margin = 56;
    private const decimal TextWidth = PdfDocument.Width - (2 * Margin);
    private const decimal Bottom = PdfDocument.Height - Margin;
    private const decimal Size = 10;
    private const decimal HeadingSize = 18;
    private const decimal LineHeight = 15;
    private const decimal NameWidth = 110;
    private const decimal AmountWidth = 150;
    private const decimal Gap = 22;

    private static readonly TrueTypeFont Plain = Load("DejaVuSans");
    private static readonly TrueTypeFont Bold = Load("DejaVuSans-Bold");
    private static readonly PdfColor Soft = new(0x57, 0x60, 0x6a);
    private static readonly PdfColor Rule = new(0xd9, 0xdd, 0xe3);

    private readonly PdfDocument document = new();
    private decimal y;

    private ReceiptPdf() => NewPage();

    public static byte[] Of(ReceiptLines lines, DateTimeOffset issuedAt)
    {
        var receipt = new ReceiptPdf();
        receipt.Draw(lines);
        return receipt.document.Save(lines.Heading, lines.Seller.Count > 0 ? lines.Seller[0] : "", issuedAt);
    }

    private void Draw(ReceiptLines lines)
    {
        Text(lines.Heading, Bold, HeadingSize, PdfColor.Black, Margin, TextWidth);
        y += Gap;
        foreach (var (at, line) in lines.Seller.Index()) Text(line, at == 0 ? Bold : Plain, Size, PdfColor.Black, Margin, TextWidth);
        if (lines.Seller.Count > 0) y += Gap;
        foreach (var fact in lines.Facts)
        {
            Need(LineHeight);
            document.Text(fact.Name, Plain, Size, Soft, Margin, y);
            Text(fact.Value, Plain, Size, PdfColor.Black, Margin + NameWidth, TextWidth - NameWidth);
        }
        y += Gap;
        Row("Description", "Amount", Plain, Soft);
        Row(lines.Title, lines.Price, Plain, PdfColor.Black);
        foreach (var sum in lines.Sums) Row(sum.Name, sum.Value, sum.IsTotal ? Bold : Plain, PdfColor.Black);
    }

    private void Row(string name, string amount, TrueTypeFont font, PdfColor color)
    {
        Need(LineHeight);
        var wide = WidthOf(amount, font, Size);
        document.Text(amount, font, Size, color, Margin + TextWidth - wide, y);
        Text(name, font, Size, color, Margin, TextWidth - Math.Max(wide + Gap, AmountWidth));
        document.Line(Rule, 0.75m, Margin, Margin + TextWidth, y - LineHeight + 6);
        y += 8;
    }

    private void Text(string text, TrueTypeFont font, decimal size, PdfColor color, decimal x, decimal width)
    {
        foreach (var line in Wrap(text, font, size, width))
        {
            Need(LineHeight);
            document.Text(line, font, size, color, x, y);
            y += LineHeight * size / Size;
        }
    }

    /// <summary>Between words, and inside a word that fills more than a line.</summary>
    private static List<string> Wrap(string text, TrueTypeFont font, decimal size, decimal width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && !Fits($"{line} {word}")) Break();
            if (line.Length > 0) line.Append(' ');
            foreach (var character in word.EnumerateRunes())
            {
                if (line.Length > 0 && !Fits($"{line}{character}")) Break();
                line.Append(character);
            }
        }
        lines.Add(line.ToString());
        return lines;

        bool Fits(string part) => WidthOf(part, font, size) <= width;

        void Break()
        {
            lines.Add(line.ToString().TrimEnd());
            line.Clear();
        }
    }

    private static decimal WidthOf(string text, TrueTypeFont font, decimal size) => font.WidthOf(text) * size / 1000;

    private void Need(decimal height)
    {
        if (y + height > Bottom) NewPage();
    }

    private void NewPage()
    {
        document.AddPage();
        y = Margin + LineHeight;
    }

    private static TrueTypeFont Load(string name)
    {
        using var stream = typeof(ReceiptPdf).Assembly.GetManifestResourceStream($"Fonts/{name}.ttf")!;
        var font = new byte[stream.Length];
        stream.ReadExactly(font);
        return new TrueTypeFont(name, font);
    }
}
