namespace Topup.Domain.Imports;

/// <summary>What the rows of a file are. The numbers are stored and never change.</summary>
public enum ImportKind
{
    Tenants = 0,
    Grants = 1,
}

/// <summary>The names of kinds.</summary>
public static class ImportKinds
{
    /// <summary>How the kind is spelled.</summary>
    public static string NameOf(ImportKind kind) => kind switch
    {
        ImportKind.Tenants => "tenants",
        ImportKind.Grants => "grants",
    };

    /// <summary>The kind of a name; null: there is none of that name.</summary>
    public static ImportKind? Of(string? name) => name switch
    {
        "tenants" => ImportKind.Tenants,
        "grants" => ImportKind.Grants,
        _ => null,
    };
}
