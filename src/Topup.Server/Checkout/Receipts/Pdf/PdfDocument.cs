using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Topup.Server.Checkout.Receipts.Pdf;

/// <summary>
/// Writes a PDF of text and lines on A4, with its fonts inside, so that it looks the same everywhere and its text can be
/// searched and copied. Source: ISO 32000-1, sections 7.5 (file), 9.7 (composite fonts) and 9.10.3 (ToUnicode).
/// The same content gives the same bytes.
/// </summary>
internal sealed class PdfDocument
{
    /// <summary>Points, of which 72 make an inch; from the upper left corner.</summary>
    public const decimal Width = 595.28m;
    public const decimal Height = 841.89m;

    private readonly List<StringBuilder> pages = [];
    private readonly List<Face> faces = [];
    private readonly ArrayBufferWriter<byte> file = new();
    private readonly List<int> offsets = [];

    public void AddPage() => pages.Add(new StringBuilder());

    /// <param name="y">Of the line on which the letters stand.</param>
    public void Text(string text, TrueTypeFont font, decimal size, PdfColor color, decimal x, decimal y)
    {
        var face = faces.FindIndex(known => known.Font == font);
        if (face < 0)
        {
            face = faces.Count;
            faces.Add(new Face(font, []));
        }
        var glyphs = new StringBuilder();
        foreach (var character in text.EnumerateRunes())
        {
            var glyph = font.GlyphOf(character);
            faces[face].Used.TryAdd(glyph, character);
            glyphs.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }
        Draw($"BT {color} rg /F{face} {size} Tf {x} {Height - y} Td <{glyphs}> Tj ET");
    }

    public void Line(PdfColor color, decimal thickness, decimal fromX, decimal toX, decimal y) =>
        Draw($"{color} RG {thickness} w {fromX} {Height - y} m {toX} {Height - y} l S");

    public byte[] Save(string title, string author, DateTimeOffset at)
    {
        // 1 catalog, 2 pages, 3 information, then five objects a font, then two a page.
        var firstPage = 4 + (5 * faces.Count);
        file.Write("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"u8);
        Add("<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>");
        Add($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select((_, index) => Words($"{firstPage + (2 * index)} 0 R")))}] " +
            $"/MediaBox [0 0 {Width} {Height}] /Resources << /Font << {string.Join(' ', faces.Select((_, index) => Words($"/F{index} {4 + (5 * index)} 0 R")))} >> >> >>");
        Add($"<< /Title {Hex(title)} /Author {Hex(author)} /CreationDate (D:{at.UtcDateTime:yyyyMMddHHmmss}Z) >>");
        foreach (var face in faces) AddFont(face);
        foreach (var page in pages)
        {
            Add($"<< /Type /Page /Parent 2 0 R /Contents {offsets.Count + 2} 0 R >>");
            AddStream("", Encoding.ASCII.GetBytes(page.ToString()));
        }
        return Finish();
    }

    private void Draw(FormattableString operators) => pages[^1].Append(Words(operators)).Append('\n');

    private void AddFont(Face face)
    {
        var font = face.Font;
        var (first, name) = (offsets.Count + 1, "TOPUPR+" + font.Name);
        var used = face.Used.OrderBy(glyph => glyph.Key).ToList();
        var widths = string.Join(' ', used.Select(glyph => Words($"{glyph.Key} [{font.WidthOf(glyph.Key)}]")));
        Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{first + 1} 0 R] /ToUnicode {first + 4} 0 R >>");
        Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
            $"/FontDescriptor {first + 2} 0 R /CIDToGIDMap /Identity /DW 600 /W [{widths}] >>");
        Add($"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 " +
            $"/Ascent {font.Ascent} /Descent {font.Descent} /CapHeight {font.Ascent} /StemV 80 /FontFile2 {first + 3} 0 R >>");
        var program = font.Subset(face.Used.Keys);
        AddStream(Words($"/Length1 {program.Length} "), program);
        AddStream("", Encoding.ASCII.GetBytes(ToUnicode(used)));
    }

    /// <summary>Which character each glyph stands for, so that the text can be searched and copied.</summary>
    private static string ToUnicode(List<KeyValuePair<int, Rune>> used)
    {
        const int atOnce = 100;
        var map = new StringBuilder(
            """
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType 2 def
            1 begincodespacerange <0000> <FFFF> endcodespacerange

            """);
        foreach (var part in used.Chunk(atOnce))
        {
            map.Append(CultureInfo.InvariantCulture, $"{part.Length} beginbfchar\n");
            foreach (var (glyph, character) in part)
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(character.ToString()))}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end\n").ToString();
    }

    private void Add(FormattableString content) => Add(Words(content));

    private void Add(string content)
    {
        offsets.Add(file.WrittenCount);
        Write($"{offsets.Count} 0 obj\n{content}\nendobj\n");
    }

    private void AddStream(string entries, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(content);
        offsets.Add(file.WrittenCount);
        Write($"{offsets.Count} 0 obj\n<< {entries}/Length {packed.Length} /Filter /FlateDecode >>\nstream\n");
        file.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Write($"\nendstream\nendobj\n");
    }

    private byte[] Finish()
    {
        var table = file.WrittenCount;
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) Write($"{offset:D10} 00000 n \n");
        Write($"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return file.WrittenSpan.ToArray();
    }

    private void Write(FormattableString text) => file.Write(Encoding.ASCII.GetBytes(Words(text)));

    private static string Words(FormattableString text) => FormattableString.Invariant(text);

    private static string Hex(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    private sealed record Face(TrueTypeFont Font, Dictionary<int, Rune> Used);
}

/// <summary>Red, green and blue, each 0 to 255.</summary>
internal readonly record struct PdfColor(byte Red, byte Green, byte Blue)
{
    public static readonly PdfColor Black;

    public override string ToString() => FormattableString.Invariant($"{Red / 255m:0.###} {Green / 255m:0.###} {Blue / 255m:0.###}");
}
