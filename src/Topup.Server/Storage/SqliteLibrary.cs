using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Topup.Server.Storage;

/// <summary>
/// SQLite as the operating system ships and patches it. The provider package asks for "e_sqlite3", a bundled build that
/// is not part of this program, and is sent to the system's library instead.
/// </summary>
internal static class SqliteLibrary
{
    // 3.37 is the first with all the SQL in use, and older than every maintained distribution's.
    private const int VersionMin = 3_037_000;

    private static readonly string[] Names =
        ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib", "winsqlite3", "sqlite3"];

    private static readonly Lazy<int> Version = new(Load);

    public static void EnsureLoaded()
    {
        if (Version.Value < VersionMin)
            throw new InvalidOperationException(
                $"The system's SQLite is version {Spell(Version.Value)}; {Spell(VersionMin)} or newer is needed.");
    }

    private static int Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(SqliteNative).Assembly,
            (name, assembly, path) => name == SqliteNative.Library ? Resolve(name, assembly, path) : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();

        // No connection here is ever used by two threads at once: the writer is behind its gate, and a reader belongs to
        // one query, which ends its statements (SqliteReaderTests). So SQLite need not lock each call, nor count its memory under a lock.
        Check(raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD));
        Check(raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0));
        return raw.sqlite3_libversion_number();
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException($"SQLite refuses its configuration: code {code}.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var candidate in Names)
            if (NativeLibrary.TryLoad(candidate, out var library)) return library;
        throw new DllNotFoundException(
            $"SQLite is not installed: found none of {string.Join(", ", Names)}. On Debian: apt-get install libsqlite3-0.");
    }

    private static string Spell(int version) => $"{version / 1_000_000}.{version / 1000 % 1000}.{version % 1000}";
}
