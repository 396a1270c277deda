using System.Runtime.InteropServices;

namespace Topup.Server.Storage;

/// <summary>
/// The few functions of SQLite that a batch calls dozens of times for each row, without the marshalling of the general
/// provider. Those that neither wait nor call back are called without telling the garbage collector.
/// </summary>
internal static class SqliteNative
{
    /// <summary>Resolved by <see cref="SqliteLibrary"/> to the library of the operating system.</summary>
    public const string Library = "sqlite3-of-the-system";

    /// <summary>SQLite need not copy the value: it stays where it is until the statement is reset.</summary>
    public const nint Static = 0;

    [DllImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static extern int BindLong(nint statement, int parameter, long value);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static extern int BindText(nint statement, int parameter, nint utf8, int length, nint destructor);

    [DllImport(Library, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static extern long ColumnLong(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_text"), SuppressGCTransition]
    public static extern nint ColumnText(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    public static extern int ColumnBytes(nint statement, int column);

    [DllImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static extern int ColumnType(nint statement, int column);

    /// <summary>The statement of a connection after another, 0 for the first; 0: there is none.</summary>
    [DllImport(Library, EntryPoint = "sqlite3_next_stmt"), SuppressGCTransition]
    public static extern nint NextStatement(nint connection, nint statement);
}
