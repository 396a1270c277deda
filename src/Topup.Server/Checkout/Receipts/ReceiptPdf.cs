using System.Text;
using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Topup.Server.Checkout.Receipts;

/// <summary>
/// A receipt as PDF, A4. Its fonts come with the program, so it looks the same on every server: DejaVu Sans, which has
/// Latin, Greek, Cyrillic and the signs of currencies, but neither Chinese, Japanese nor Korean.
/// </summary>
internal sealed class ReceiptPdf : IDisposable
{
    // Points, of which 72 make an inch.
    private const double Margin = 56;
    private const double Size = 10;
    private const double LineHeight = 15;
    private const double NameWidth = 110;
    private const double AmountWidth = 150;
    private const double Gap = 22;

    private static readonly Lock Setting = new();

    private readonly PdfDocument document = new();
    private readonly XFont plain = new(Fonts.Family, Size);
    private readonly XFont bold = new(Fonts.Family, Size, XFontStyleEx.Bold);
    private readonly XFont big = new(Fonts.Family, Size * 1.8, XFontStyleEx.Bold);
    private readonly XBrush soft = new XSolidBrush(XColor.FromArgb(0x57, 0x60, 0x6a));
    private readonly XPen rule = new(XColor.FromArgb(0xd9, 0xdd, 0xe3), 0.75);
    private XGraphics? sheet;
    private double width;
    private double bottom;
    private double y;

    private ReceiptPdf(ReceiptLines lines, DateTimeOffset issuedAt)
    {
        document.Info.Title = lines.Heading;
        document.Info.Author = lines.Seller.Count > 0 ? lines.Seller[0] : "";
        document.Info.CreationDate = issuedAt.UtcDateTime;
        NewPage();
    }

    public static byte[] Of(ReceiptLines lines, DateTimeOffset issuedAt)
    {
        lock (Setting) GlobalFontSettings.FontResolver ??= new Fonts();
        using var pdf = new ReceiptPdf(lines, issuedAt);
        pdf.Draw(lines);
        using var bytes = new MemoryStream();
        pdf.document.Save(bytes, closeStream: false);
        return bytes.ToArray();
    }

    public void Dispose()
    {
        sheet?.Dispose();
        document.Dispose();
    }

    private void Draw(ReceiptLines lines)
    {
        Text(lines.Heading, big, XBrushes.Black, Margin, width, LineHeight * 1.8);
        y += Gap;
        foreach (var (at, line) in lines.Seller.Index()) Text(line, at == 0 ? bold : plain, XBrushes.Black, Margin, width, LineHeight);
        if (lines.Seller.Count > 0) y += Gap;
        foreach (var fact in lines.Facts)
        {
            Need(LineHeight);
            sheet!.DrawString(fact.Name, plain, soft, Margin, y);
            Text(fact.Value, plain, XBrushes.Black, Margin + NameWidth, width - NameWidth, LineHeight);
        }
        y += Gap;
        Row("Description", "Amount", plain, soft);
        Row(lines.Title, lines.Price, plain, XBrushes.Black);
        foreach (var sum in lines.Sums) Row(sum.Name, sum.Value, sum.IsTotal ? bold : plain, XBrushes.Black);
    }

    private void Row(string name, string amount, XFont font, XBrush brush)
    {
        Need(LineHeight);
        var wide = sheet!.MeasureString(amount, font).Width;
        sheet.DrawString(amount, font, brush, Margin + width - wide, y);
        Text(name, font, brush, Margin, width - Math.Max(wide + Gap, AmountWidth), LineHeight);
        sheet!.DrawLine(rule, Margin, y - LineHeight + 6, Margin + width, y - LineHeight + 6);
        y += 8;
    }

    private void Text(string text, XFont font, XBrush brush, double x, double widthMax, double lineHeight)
    {
        foreach (var line in Wrap(text, font, widthMax))
        {
            Need(lineHeight);
            sheet!.DrawString(line, font, brush, x, y);
            y += lineHeight;
        }
    }

    /// <summary>Between words, and inside a word that fills more than a line.</summary>
    private List<string> Wrap(string text, XFont font, double widthMax)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && !Fits(line + " " + word))
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            if (line.Length > 0) line.Append(' ');
            foreach (var rune in word.EnumerateRunes())
            {
                if (line.Length > 0 && !Fits(line + rune.ToString()))
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }
                line.Append(rune);
            }
        }
        lines.Add(line.ToString());
        return lines;

        bool Fits(string part) => sheet!.MeasureString(part, font).Width <= widthMax;
    }

    private void Need(double height)
    {
        if (y + height > bottom) NewPage();
    }

    private void NewPage()
    {
        sheet?.Dispose();
        var page = document.AddPage();
        page.Size = PdfSharp.PageSize.A4;
        sheet = XGraphics.FromPdfPage(page);
        width = page.Width.Point - (2 * Margin);
        bottom = page.Height.Point - Margin;
        y = Margin + LineHeight;
    }

    /// <summary>The fonts in this program, whatever is installed.</summary>
    private sealed class Fonts : IFontResolver
    {
        public const string Family = "DejaVu Sans";

        public FontResolverInfo ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
            new(isBold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf");

        public byte[] GetFont(string faceName)
        {
            using var stream = typeof(Fonts).Assembly.GetManifestResourceStream("Fonts/" + faceName)!;
            var font = new byte[stream.Length];
            stream.ReadExactly(font);
            return font;
        }
    }
}
