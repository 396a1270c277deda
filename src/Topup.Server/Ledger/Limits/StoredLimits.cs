using System.Text.Json;
using System.Text.Json.Serialization;
using Topup.Domain;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger.Limits;

/// <summary>A tenant's limits as they stand in its row: one text, by code, with what each has counted.</summary>
internal static class StoredLimits
{
    public static List<Limit> Read(string text) =>
        text.Length == 0 ? [] : [.. JsonSerializer.Deserialize(text, StoredLimitsJson.Default.StoredLimitArray)!.Select(stored => stored.Of())];

    public static string Write(IEnumerable<Limit> limits)
    {
        var stored = limits.OrderBy(limit => limit.Code, StringComparer.Ordinal).Select(StoredLimit.From).ToArray();
        return stored.Length == 0 ? "" : JsonSerializer.Serialize(stored, StoredLimitsJson.Default.StoredLimitArray);
    }
}

/// <summary>Short names, for the text is read and written with each use.</summary>
internal sealed record StoredLimit
{
    [JsonPropertyName("c")] public required string Code { get; init; }
    [JsonPropertyName("s")] public string Subject { get; init; } = "";
    [JsonPropertyName("u")] public string UsageType { get; init; } = "";
    [JsonPropertyName("t")] public string Type { get; init; } = "";
    [JsonPropertyName("k")] public int Kind { get; init; }
    [JsonPropertyName("p")] public int Per { get; init; }
    [JsonPropertyName("a")] public long Amount { get; init; }
    [JsonPropertyName("e")] public long Until { get; init; }
    [JsonPropertyName("w")] public long WindowStart { get; init; }
    [JsonPropertyName("n")] public long Used { get; init; }
    [JsonPropertyName("d")] public bool Told { get; init; }

    public static StoredLimit From(Limit limit) => new()
    {
        Code = limit.Code, Subject = limit.Subject, UsageType = limit.UsageType, Type = limit.Type, Kind = (int)limit.Kind, Per = (int)limit.Per,
        Amount = limit.Amount, Until = limit.Until.UnixMs, WindowStart = limit.WindowStart.UnixMs, Used = limit.Used, Told = limit.Told,
    };

    public Limit Of() => new()
    {
        Code = Code, Subject = Subject, UsageType = UsageType, Type = Type, Kind = (LimitKind)Kind, Per = (LimitPeriod)Per,
        Amount = Amount, Until = new Instant(Until), WindowStart = new Instant(WindowStart), Used = Used, Told = Told,
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StoredLimit[]))]
internal sealed partial class StoredLimitsJson : JsonSerializerContext;
