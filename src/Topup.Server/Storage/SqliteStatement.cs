using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Topup.Server.Storage;

/// <summary>
/// A compiled hot statement: bind one row, step through its results, reset. It calls SQLite directly, because the
/// command objects of the ADO.NET provider cost more than most of these statements do.
/// </summary>
internal sealed class SqliteStatement(SqliteWriter writer, sqlite3_stmt handle, IReadOnlyList<Column> columns)
    : IRow, IDisposable
{
    private readonly int parameters = Math.Min(raw.sqlite3_bind_parameter_count(handle), columns.Count);
    private readonly nint statement = handle.DangerousGetHandle();

    // The texts of the bound row, one after the other. Pinned, so that SQLite can read them in place.
    private byte[] texts = GC.AllocateUninitializedArray<byte>(1_024, pinned: true);
    private int textsUsed;

    public void Run(Rows rows, int index, Action<IRow>? each)
    {
        MakeRoom(rows, index);
        for (var i = 0; i < parameters; i++) Bind(rows, index, i);
        int code;
        try
        {
            while ((code = SqliteNative.Step(statement)) == raw.SQLITE_ROW) each?.Invoke(this);
            if (code != raw.SQLITE_DONE) throw writer.LastError(code);
        }
        finally
        {
            // Repeats the code of a failed step, which is reported already.
            _ = SqliteNative.Reset(statement);
        }
    }

    public long Long(int i)
    {
        var value = SqliteNative.ColumnLong(statement, i);
        if (value == 0) EnsureNotNull(i);
        return value;
    }

    public string Text(int i)
    {
        var text = SqliteNative.ColumnText(statement, i);
        if (text == 0) EnsureNotNull(i);
        var length = SqliteNative.ColumnBytes(statement, i);
        return length == 0 ? "" : Marshal.PtrToStringUTF8(text, length);
    }

    public byte[] Bytes(int i)
    {
        var bytes = raw.sqlite3_column_blob(handle, i);
        if (bytes.IsEmpty) EnsureNotNull(i);
        return bytes.ToArray();
    }

    public void Dispose() => handle.Dispose();

    /// <summary>Makes the buffer large enough for the whole row first: once a text is bound, it may not move.</summary>
    private void MakeRoom(Rows rows, int index)
    {
        var lengthMax = 0;
        for (var i = 0; i < parameters; i++)
            if (columns[i].Kind == ColumnKind.Text) lengthMax += Encoding.UTF8.GetMaxByteCount(rows.Texts(i)[index].Length);
        if (texts.Length < lengthMax) texts = GC.AllocateUninitializedArray<byte>(lengthMax * 2, pinned: true);
        textsUsed = 0;
    }

    private void Bind(Rows rows, int index, int i)
    {
        var code = columns[i].Kind switch
        {
            ColumnKind.Long => SqliteNative.BindLong(statement, i + 1, rows.Longs(i)[index]),
            ColumnKind.Text => BindText(i + 1, rows.Texts(i)[index]),
            ColumnKind.Bytes => BindBytes(i + 1, rows.Blobs(i)[index]),
        };
        if (code != raw.SQLITE_OK) throw writer.LastError(code);
    }

    private int BindText(int parameter, string value)
    {
        var start = textsUsed;
        textsUsed += Encoding.UTF8.GetBytes(value, texts.AsSpan(start));
        return SqliteNative.BindText(
            statement, parameter, Marshal.UnsafeAddrOfPinnedArrayElement(texts, start), textsUsed - start, SqliteNative.Static);
    }

    private int BindBytes(int parameter, byte[] value) => value.Length == 0
        ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
        : raw.sqlite3_bind_blob(handle, parameter, value);

    private void EnsureNotNull(int i)
    {
        if (SqliteNative.ColumnType(statement, i) == raw.SQLITE_NULL)
            throw new InvalidCastException($"Column {i} of the result is NULL.");
    }
}
