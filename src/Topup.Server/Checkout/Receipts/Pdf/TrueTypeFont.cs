using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Topup.Server.Checkout.Receipts.Pdf;

/// <summary>
/// A TrueType font as far as a document needs it: which glyph a character has, how wide it is, and a copy of the font with
/// only the glyphs that are used. Source: the OpenType specification, tables cmap, head, hhea, hmtx, maxp, loca and glyf.
/// It sets letter after letter from left to right: Arabic does not join, and no accents are put together.
/// </summary>
internal sealed class TrueTypeFont
{
    private const int HeaderSize = 12;
    private const int RecordSize = 16;

    /// <summary>What a subset keeps: the outlines, the measures, and the instructions for small sizes. Sorted by name, as the format asks.</summary>
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    private readonly byte[] font;
    private readonly Dictionary<string, (int At, int Length)> tables = [];
    private readonly Dictionary<int, int> glyphs = [];
    private readonly bool longOffsets;
    private readonly int widths;

    public TrueTypeFont(string name, byte[] font)
    {
        Name = name;
        this.font = font;
        for (var table = 0; table < UInt16(4); table++)
        {
            var record = HeaderSize + (table * RecordSize);
            tables[Encoding.ASCII.GetString(font, record, 4)] = (Int32(record + 8), Int32(record + 12));
        }
        UnitsPerEm = UInt16(At("head") + 18);
        longOffsets = UInt16(At("head") + 50) == 1;
        Box = [.. Enumerable.Range(0, 4).Select(side => Thousandths(Int16(At("head") + 36 + (2 * side))))];
        Ascent = Thousandths(Int16(At("hhea") + 4));
        Descent = Thousandths(Int16(At("hhea") + 6));
        widths = UInt16(At("hhea") + 34);
        GlyphCount = UInt16(At("maxp") + 4);
        ReadCharacters();
    }

    /// <summary>The name by which a document calls it, without blanks.</summary>
    public string Name { get; }

    public int GlyphCount { get; }

    /// <summary>All measures are thousandths of the font's size.</summary>
    public int Ascent { get; }

    public int Descent { get; }

    public IReadOnlyList<int> Box { get; }

    private int UnitsPerEm { get; }

    /// <summary>0, the box that stands for a missing character, when the font has none.</summary>
    public int GlyphOf(Rune character) => glyphs.GetValueOrDefault(character.Value);

    public int WidthOf(int glyph) => Thousandths(UInt16(At("hmtx") + (4 * Math.Min(glyph, widths - 1))));

    public int WidthOf(string text) => text.EnumerateRunes().Sum(character => WidthOf(GlyphOf(character)));

    /// <summary>The font with the outlines of these glyphs only. Glyphs keep their numbers.</summary>
    public byte[] Subset(IEnumerable<int> used)
    {
        var kept = WithParts(used);
        using var outlines = new MemoryStream();
        var offsets = new byte[4 * (GlyphCount + 1)];
        for (var glyph = 0; glyph < GlyphCount; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(4 * glyph), (int)outlines.Position);
            if (!kept.Contains(glyph)) continue;
            outlines.Write(Outline(glyph));
            while (outlines.Position % 4 != 0) outlines.WriteByte(0);
        }
        BinaryPrimitives.WriteInt32BigEndian(offsets.AsSpan(4 * GlyphCount), (int)outlines.Position);

        var head = Table("head").ToArray();
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return Assemble([.. Kept.Where(tables.ContainsKey).Select(name => (name, name switch
        {
            "glyf" => outlines.ToArray(), "loca" => offsets, "head" => head, _ => Table(name).ToArray(),
        }))]);
    }

    /// <summary>An accented letter is often made of two glyphs, which may be made of others.</summary>
    private HashSet<int> WithParts(IEnumerable<int> used)
    {
        var kept = new HashSet<int> { 0 };
        var open = new Stack<int>(used);
        while (open.TryPop(out var glyph))
            if (kept.Add(glyph))
                foreach (var part in PartsOf(glyph)) open.Push(part);
        return kept;
    }

    private List<int> PartsOf(int glyph)
    {
        const int moreParts = 0x20, wordArguments = 0x01, oneScale = 0x08, twoScales = 0x40, matrix = 0x80;
        var parts = new List<int>();
        var outline = Outline(glyph);
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return parts;
        for (var at = 10; ;)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]));
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2)
                + ((flags & oneScale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0);
            if ((flags & moreParts) == 0) return parts;
        }
    }

    private ReadOnlySpan<byte> Outline(int glyph)
    {
        var from = Offset(glyph);
        return font.AsSpan(At("glyf") + from, Offset(glyph + 1) - from);

        int Offset(int index) => longOffsets ? Int32(At("loca") + (4 * index)) : 2 * UInt16(At("loca") + (2 * index));
    }

    private static byte[] Assemble(IReadOnlyList<(string Name, byte[] Bytes)> parts)
    {
        var start = HeaderSize + (parts.Count * RecordSize);
        var whole = new byte[start + parts.Sum(part => Padded(part.Bytes.Length))];
        var power = BitOperations.Log2((uint)parts.Count);
        BinaryPrimitives.WriteInt32BigEndian(whole, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(4), (ushort)parts.Count);
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(6), (ushort)(RecordSize << power));
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(10), (ushort)((parts.Count * RecordSize) - (RecordSize << power)));
        var (record, at, head) = (HeaderSize, start, 0);
        foreach (var (name, bytes) in parts)
        {
            bytes.CopyTo(whole, at);
            Encoding.ASCII.GetBytes(name, whole.AsSpan(record));
            BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(record + 4), Checksum(whole.AsSpan(at, Padded(bytes.Length))));
            BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(record + 8), at);
            BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(record + 12), bytes.Length);
            if (name == "head") head = at;
            (record, at) = (record + RecordSize, at + Padded(bytes.Length));
        }
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(head + 8), unchecked(0xB1B0AFBA - Checksum(whole)));
        return whole;
    }

    /// <summary>The format sums modulo 2^32.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]));
        return sum;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    /// <summary>Reads the map of Unicode: format 12 has all of it, format 4 what fits into 16 bits.</summary>
    private void ReadCharacters()
    {
        var map = At("cmap");
        var offered = Enumerable.Range(0, UInt16(map + 2)).Select(index => map + 4 + (8 * index))
            .Where(record => UInt16(record) == 0 || (UInt16(record) == 3 && UInt16(record + 2) is 1 or 10))
            .Select(record => map + Int32(record + 4)).ToLookup(UInt16);
        if (offered[12].Any()) ReadGroups(offered[12].First());
        else if (offered[4].Any()) ReadSegments(offered[4].First());
        else throw new InvalidDataException($"The font {Name} has no map of Unicode characters.");
    }

    private void ReadGroups(int map)
    {
        for (var group = 0; group < Int32(map + 12); group++)
        {
            var at = map + 16 + (12 * group);
            for (int character = Int32(at), glyph = Int32(at + 8); character <= Int32(at + 4); character++, glyph++) glyphs[character] = glyph;
        }
    }

    private void ReadSegments(int map)
    {
        var size = UInt16(map + 6);
        for (var segment = 0; segment < size; segment += 2)
        {
            var last = UInt16(map + 14 + segment);
            var first = UInt16(map + 16 + size + segment);
            var delta = UInt16(map + 16 + (2 * size) + segment);
            var place = map + 16 + (3 * size) + segment;
            for (var character = first; character <= last && character != 0xFFFF; character++)
            {
                var glyph = UInt16(place) == 0 ? character : UInt16(place + UInt16(place) + (2 * (character - first)));
                if (glyph != 0) glyphs[character] = (glyph + delta) & 0xFFFF;
            }
        }
    }

    private int Thousandths(int units) => units * 1000 / UnitsPerEm;

    private int At(string table) => tables[table].At;

    private ReadOnlySpan<byte> Table(string name) => font.AsSpan(tables[name].At, tables[name].Length);

    private int UInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(font.AsSpan(at));

    private int Int16(int at) => BinaryPrimitives.ReadInt16BigEndian(font.AsSpan(at));

    private int Int32(int at) => BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(at));
}
