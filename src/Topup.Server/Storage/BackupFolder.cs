namespace Topup.Server.Storage;

/// <summary>
/// Where the operator's backups are put. They are made outside of this program, which looks at how old the newest of them is;
/// whether it can be restored, only a restore tells.
/// </summary>
/// <param name="path">Empty: the operator has not said.</param>
internal sealed class BackupFolder(string path)
{
    /// <summary>A folder with more than that is not looked through on every look at the page.</summary>
    private const int EntriesMax = 10_000;

    /// <summary>What a backup is called until it is whole; a name that begins with a dot is passed over too.</summary>
    private static readonly string[] Unfinished = [".part", ".partial", ".tmp", "-journal", "-wal", "-shm"];

    /// <summary>What is there now.</summary>
    public BackupState Look()
    {
        if (path.Length == 0) return new BackupState(BackupKnown.NotSet, null);
        try
        {
            var newest = new DirectoryInfo(path).EnumerateFileSystemInfos().Take(EntriesMax).Where(IsWhole).MaxBy(entry => entry.LastWriteTimeUtc);
            return newest is null ? new BackupState(BackupKnown.None, null) : new BackupState(BackupKnown.Newest, Of(newest));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            return new BackupState(BackupKnown.Unreadable, null);
        }
    }

    private static bool IsWhole(FileSystemInfo entry) =>
        !entry.Name.StartsWith('.') && !Unfinished.Any(end => entry.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) && entry is not FileInfo { Length: 0 };

    private static Backup Of(FileSystemInfo entry) => new(entry.Name, new DateTimeOffset(entry.LastWriteTimeUtc, TimeSpan.Zero), (entry as FileInfo)?.Length);
}

internal sealed record BackupState(BackupKnown Known, Backup? Newest);

/// <summary>The newest backup.</summary>
/// <param name="Bytes">Null: it is a folder.</param>
internal sealed record Backup(string Name, DateTimeOffset At, long? Bytes);

/// <summary>What is known of backups.</summary>
internal enum BackupKnown
{
    /// <summary>Nobody has said where they are.</summary>
    NotSet,

    /// <summary>The folder is not there, or not for this program.</summary>
    Unreadable,

    /// <summary>The folder holds none.</summary>
    None,
    Newest,
}
