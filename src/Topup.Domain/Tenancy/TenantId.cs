namespace Topup.Domain.Tenancy;

/// <summary>
/// The platform's own id of a tenant: 1 to 64 of <c>A-Z a-z 0-9 . _ : -</c>. Topup never invents one.
/// </summary>
public static class TenantId
{
    public const int LengthMax = 64;

    /// <summary>Buckets of tenants. The number is part of every stored key and can never change.</summary>
    public const int Buckets = 256;

    public static bool IsValid(string? id)
    {
        if (string.IsNullOrEmpty(id) || id.Length > LengthMax) return false;
        foreach (var c in id)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '-')) return false;
        return true;
    }

    /// <summary>
    /// The bucket of a tenant, 0 to 255: 32-bit FNV-1a over the id's characters, folded to eight bits. Every
    /// tenant-owned row starts its key with it, so that a cluster can place rows by bucket.
    /// Source: Fowler, Noll and Vo, "The FNV Non-Cryptographic Hash Algorithm", RFC 9923.
    /// </summary>
    public static int Bucket(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id) hash = unchecked((hash ^ c) * 16777619u);
        return (int)((hash >> 24) ^ (hash >> 16 & 0xff) ^ (hash >> 8 & 0xff) ^ (hash & 0xff));
    }
}
