namespace Topup.Server.Ledger;

/// <summary>Settings of the write path, from the section <c>Topup</c> of the configuration.</summary>
internal sealed record LedgerOptions
{
    /// <summary>Lanes on PostgreSQL, 1 to 64. SQLite has one writer, so one lane.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Changes that may wait in one lane before new ones are turned away, 16 to 1,000,000.</summary>
    public int QueueMax { get; init; } = 4_096;

    /// <summary>Changes written in one transaction, 1 to 8,192.</summary>
    public int BatchMax { get; init; } = 512;

    /// <summary>Where tenants buy more; <c>{tenant}</c> and <c>{type}</c> are filled in. Empty: replies carry no link.</summary>
    public string TopUpUrl { get; init; } = "";

    /// <summary>How often expiries that nobody has touched are worked off.</summary>
    public TimeSpan SettleEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the whole ledger is verified; zero: never by itself.</summary>
    public TimeSpan VerifyEvery { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Serves <c>POST /v1/echo</c>, which stores nothing: what benchmarks compare a consume with.</summary>
    public bool Echo { get; init; }

    /// <summary>Whether uses are counted by day. Off, which only benchmarks are, the ledger does not verify.</summary>
    public bool UsageByDay { get; init; } = true;

    public static LedgerOptions From(IConfiguration settings)
    {
        var defaults = new LedgerOptions();
        return new LedgerOptions
        {
            Lanes = Number(settings, "Lanes", 1, 64, defaults.Lanes),
            QueueMax = Number(settings, "QueueMax", 16, 1_000_000, defaults.QueueMax),
            BatchMax = Number(settings, "BatchMax", 1, 8_192, defaults.BatchMax),
            TopUpUrl = settings["Topup:TopUpUrl"] ?? defaults.TopUpUrl,
            SettleEvery = TimeSpan.FromSeconds(Number(settings, "SettleEverySeconds", 1, 86_400, (int)defaults.SettleEvery.TotalSeconds)),
            Echo = settings["Topup:Echo"] == "true",
            UsageByDay = settings["Topup:UsageByDay"] != "false",
            VerifyEvery = TimeSpan.FromHours(Number(settings, "VerifyEveryHours", 0, 720, (int)defaults.VerifyEvery.TotalHours)),
        };
    }

    public string? TopUpUrlOf(string tenant, string type) =>
        TopUpUrl.Length == 0 ? null
        : TopUpUrl.Replace("{tenant}", Uri.EscapeDataString(tenant), StringComparison.Ordinal)
            .Replace("{type}", Uri.EscapeDataString(type), StringComparison.Ordinal);

    private static int Number(IConfiguration settings, string name, int min, int max, int otherwise)
    {
        if (settings["Topup:" + name] is not { Length: > 0 } text) return otherwise;
        if (int.TryParse(text, out var number) && number >= min && number <= max) return number;
        throw new InvalidOperationException($"Topup__{name} must be a whole number from {min} to {max}, not '{text}'.");
    }
}
