using Microsoft.Data.Sqlite;
using Topup.Server.Storage;
using Topup.Testing.Proofs;

namespace Topup.Prove.Faults;

/// <summary>The file of a server that is not running.</summary>
internal static class SqliteFile
{
    /// <summary>SQLite's own check of every page and index.</summary>
    public static void IsSound(string folder)
    {
        SqliteLibrary.EnsureLoaded();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "topup.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check";
        var verdict = (string?)command.ExecuteScalar();
        BrokenPromiseException.Unless(verdict == "ok", $"The file is not sound: {verdict}");
    }
}
