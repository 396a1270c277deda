namespace Topup.Server.Storage;

/// <summary>
/// Input rows of one <see cref="Storage.Statement"/>, column by column, to be filled, run and cleared again and again
/// without allocating. Values are given in column order: <c>rows.Add().Long(1).Text("a")</c>.
/// </summary>
internal sealed class Rows
{
    private readonly List<long>?[] longs;
    private readonly List<string>?[] texts;
    private readonly List<byte[]>?[] bytes;
    private int next;

    public Rows(Statement statement)
    {
        Statement = statement;
        longs = [.. statement.Columns.Select(c => c.Kind == ColumnKind.Long ? new List<long>() : null)];
        texts = [.. statement.Columns.Select(c => c.Kind == ColumnKind.Text ? new List<string>() : null)];
        bytes = [.. statement.Columns.Select(c => c.Kind == ColumnKind.Bytes ? new List<byte[]>() : null)];
        next = statement.Columns.Count;
    }

    public Statement Statement { get; }

    public int Count { get; private set; }

    public Rows Add()
    {
        EnsureComplete();
        next = 0;
        Count++;
        return this;
    }

    public Rows Long(long value)
    {
        ListAt(longs, ColumnKind.Long).Add(value);
        next++;
        return this;
    }

    public Rows Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ListAt(texts, ColumnKind.Text).Add(value);
        next++;
        return this;
    }

    public Rows Bytes(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ListAt(bytes, ColumnKind.Bytes).Add(value);
        next++;
        return this;
    }

    public void Clear()
    {
        for (var i = 0; i < Statement.Columns.Count; i++)
        {
            longs[i]?.Clear();
            texts[i]?.Clear();
            bytes[i]?.Clear();
        }
        Count = 0;
        next = Statement.Columns.Count;
    }

    public List<long> Longs(int column) => longs[column]!;

    public List<string> Texts(int column) => texts[column]!;

    public List<byte[]> Blobs(int column) => bytes[column]!;

    /// <summary>Every row has a value in every column; else the columns would slip against each other.</summary>
    public void EnsureComplete()
    {
        if (next != Statement.Columns.Count)
            throw new InvalidOperationException($"Row {Count} ends before column '{Statement.Columns[next].Name}': {Statement}");
    }

    private T ListAt<T>(T?[] lists, ColumnKind kind) where T : class
    {
        if (next == lists.Length) throw new InvalidOperationException($"Row {Count} has too many values: {Statement}");
        return lists[next] ?? throw new InvalidOperationException(
            $"Column '{Statement.Columns[next].Name}' is {Statement.Columns[next].Kind}, not {kind}: {Statement}");
    }
}
