using System.Diagnostics;
using System.Globalization;

namespace Topup.Prove.Faults;

/// <summary>A file system in memory that holds a few megabytes. Making one needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("topup-disk-").FullName);
        Run("mount", "-t", "tmpfs", "-o", Size(megabytes), "tmpfs", disk.Path);
        return disk;
    }

    public void Enlarge(int megabytes) => Run("mount", "-o", "remount," + Size(megabytes), disk: Path);

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");

    private static void Run(string program, string first, string second, string disk) => Run(program, [first, second, disk]);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed. This proof mounts a small disk, which needs root.");
    }
}
