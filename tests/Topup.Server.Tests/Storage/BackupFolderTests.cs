using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

/// <summary>How old the newest backup is, as a folder on disk says.</summary>
public sealed class BackupFolderTests : IDisposable
{
    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("topup-backups-");

    [Fact]
    public void Without_the_setting_nothing_is_known() => new BackupFolder("").Look().ShouldBe(new BackupState(BackupKnown.NotSet, null));

    [Fact]
    public void A_folder_that_is_not_there_is_not_an_empty_one()
    {
        new BackupFolder(Path.Combine(folder.FullName, "nowhere")).Look().Known.ShouldBe(BackupKnown.Unreadable);
        new BackupFolder(folder.FullName).Look().Known.ShouldBe(BackupKnown.None);
    }

    [Fact]
    public void The_newest_that_is_whole_counts_file_or_folder()
    {
        Put("monday.db", Noon.AddDays(-2), "12345");
        Put("tuesday.db", Noon.AddDays(-1), "1234");
        Put("wednesday.db.part", Noon, "12");
        Put(".wednesday.db", Noon, "12");
        Put("wednesday.db", Noon, "");
        new BackupFolder(folder.FullName).Look().ShouldBe(new BackupState(BackupKnown.Newest, new Backup("tuesday.db", Noon.AddDays(-1), 4)));
        folder.CreateSubdirectory("base").LastWriteTimeUtc = Noon.AddHours(-1);
        new BackupFolder(folder.FullName).Look().Newest.ShouldBe(new Backup("base", Noon.AddHours(-1), null));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void Put(string name, DateTime at, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, at);
    }
}
