namespace Topup.Prove;

/// <summary>A new folder for a proof's data, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("topup-prove-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
