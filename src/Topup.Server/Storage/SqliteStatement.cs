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
    private byte[] utf8 = new byte[256];

    public void Run(Rows rows, int index, Action<IRow>? each)
    {
        for (var i = 0; i < parameters; i++) Bind(rows, index, i);
        int code;
        try
        {
            while ((code = raw.sqlite3_step(handle)) == raw.SQLITE_ROW) each?.Invoke(this);
            if (code != raw.SQLITE_DONE) throw writer.LastError(code);
        }
        finally
        {
            // Repeats the code of a failed step, which is reported already.
            _ = raw.sqlite3_reset(handle);
        }
    }

    public long Long(int i)
    {
        var value = raw.sqlite3_column_int64(handle, i);
        if (value == 0) EnsureNotNull(i);
        return value;
    }

    public string Text(int i)
    {
        // The file is UTF-8, so the bytes of a text are its encoding; this saves counting them again.
        var bytes = raw.sqlite3_column_blob(handle, i);
        if (bytes.IsEmpty) EnsureNotNull(i);
        return Encoding.UTF8.GetString(bytes);
    }

    public byte[] Bytes(int i)
    {
        var bytes = raw.sqlite3_column_blob(handle, i);
        if (bytes.IsEmpty) EnsureNotNull(i);
        return bytes.ToArray();
    }

    public void Dispose() => handle.Dispose();

    private void Bind(Rows rows, int index, int i)
    {
        var code = columns[i].Kind switch
        {
            ColumnKind.Long => raw.sqlite3_bind_int64(handle, i + 1, rows.Longs(i)[index]),
            ColumnKind.Text => BindText(i + 1, rows.Texts(i)[index]),
            ColumnKind.Bytes => BindBytes(i + 1, rows.Blobs(i)[index]),
        };
        if (code != raw.SQLITE_OK) throw writer.LastError(code);
    }

    private int BindText(int parameter, string value)
    {
        // An empty span has no address, and SQLite takes text without an address for NULL.
        if (value.Length == 0) return raw.sqlite3_bind_text(handle, parameter, "");
        var lengthMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (utf8.Length < lengthMax) utf8 = new byte[Math.Max(lengthMax, utf8.Length * 2)];
        return raw.sqlite3_bind_text(handle, parameter, utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, utf8)));
    }

    private int BindBytes(int parameter, byte[] value) => value.Length == 0
        ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
        : raw.sqlite3_bind_blob(handle, parameter, value);

    private void EnsureNotNull(int i)
    {
        if (raw.sqlite3_column_type(handle, i) == raw.SQLITE_NULL)
            throw new InvalidCastException($"Column {i} of the result is NULL.");
    }
}
