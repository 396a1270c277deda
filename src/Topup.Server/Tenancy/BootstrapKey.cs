using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>
/// The first key of a new database, with full rights, as the operator chose it. Once there is any key it is ignored: it
/// is no back door.
/// </summary>
internal sealed class BootstrapKey
{
    public const string Setting = "Topup:BootstrapKey";
    public const int LengthMin = 32;

    private readonly string? key;

    /// <exception cref="InvalidOperationException">The key is not one.</exception>
    public BootstrapKey(string? key)
    {
        this.key = string.IsNullOrEmpty(key) ? null : key;
        if (this.key is not null && (key!.Length < LengthMin || !KeyHash.IsKey(key)))
        {
            throw new InvalidOperationException(
                $"Topup__BootstrapKey must be {LengthMin} to {KeyHash.KeyLengthMax} printable ASCII characters, " +
                "without spaces at its ends.");
        }
    }

    public async Task Save(Database database, ApiKeys keys, CancellationToken stop)
    {
        if (key is null) return;
        // A database without any key counts as new: the start that created it may have ended before it came to this.
        var hasKeys = await database.Transact(TenancyStore.HasApiKeys, stop);
        if (!hasKeys) await keys.Create("bootstrap", key, Scope.All, null, Instant.Never, Author.Server("first key"), stop);
    }
}
