using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Storage;

/// <summary>
/// Where the keys of <see cref="SecretBox"/> come from: the setting, or else, beside SQLite, a file that is made when the
/// first secret is saved. Servers that share a PostgreSQL share no disk, so there the setting is needed.
/// </summary>
internal sealed class SecretKeys
{
    public const string Setting = "Topup:SecretKey";

    public const string MissingSentence =
        "Secrets are stored encrypted, and this server has no key for them. Set Topup__SecretKey to 32 random bytes in base64 " +
        "(openssl rand -base64 32), the same on all servers, and keep it: it is not in the database or its backups.";

    private const string FileName = "secret.key";

    private readonly string? file;
    private readonly Lock making = new();
    private SecretBox? box;

    /// <exception cref="InvalidOperationException">The setting, or the file, holds no keys; the message says which.</exception>
    public SecretKeys(string? setting, DatabaseOptions options)
    {
        file = options.ConnectionString.Length == 0 ? Path.Combine(options.DataFolder, FileName) : null;
        if (!string.IsNullOrWhiteSpace(setting)) box = new SecretBox(setting.Split(',').Select(text => KeyOf(text, "Topup__SecretKey")));
        else if (file is not null && File.Exists(file)) box = ReadFile(file);
    }

    /// <summary>Null: there is no key.</summary>
    public SecretBox? Find()
    {
        lock (making) return box;
    }

    /// <summary>The same, but where a key can be made it is. Null: see <see cref="MissingSentence"/>.</summary>
    public SecretBox? FindOrMake()
    {
        lock (making)
        {
            if (box is not null || file is null) return box;
            MakeFile(file);
            return box = ReadFile(file);
        }
    }

    private static void MakeFile(string file)
    {
        var draft = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBox.KeyLength)) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        // Whole or not at all: half a key would lock the operator out.
        File.Move(draft, file, overwrite: false);
    }

    private static SecretBox ReadFile(string file) => new([KeyOf(File.ReadAllText(file), file)]);

    private static byte[] KeyOf(string text, string source)
    {
        var key = new byte[SecretBox.KeyLength];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == SecretBox.KeyLength
            ? key
            : throw new InvalidOperationException(
                $"{source} must be {SecretBox.KeyLength} random bytes in base64, such as openssl rand -base64 32 prints; several are set apart by commas.");
    }
}
