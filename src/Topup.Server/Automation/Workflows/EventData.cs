using System.Text.Json;
using Topup.Domain;

namespace Topup.Server.Automation.Workflows;

/// <summary>Reads what events say. What is not there, or of another kind, is null: a sample may say anything.</summary>
internal static class EventData
{
    public static JsonElement? Object(JsonElement of, string name) => Find(of, name, JsonValueKind.Object);

    public static string? Text(JsonElement of, string name) => Find(of, name, JsonValueKind.String)?.GetString();

    public static bool IsTrue(JsonElement of, string name) => Find(of, name, JsonValueKind.True) is not null;

    /// <summary>A number as it is written.</summary>
    public static string? Number(JsonElement of, string name) => Find(of, name, JsonValueKind.Number)?.GetRawText();

    /// <summary>A number in smallest units; null also where there is no such amount.</summary>
    public static long? Units(JsonElement of, string name, int decimals)
    {
        if (Find(of, name, JsonValueKind.Number) is not { } value || !value.TryGetDecimal(out var number)) return null;
        return Amount.TryToUnits(Math.Abs(number), decimals, out var units) is AmountProblem.None or AmountProblem.Zero ? number < 0 ? -units : units : null;
    }

    /// <summary>Every text in it can be read; one with half a pair of surrogates cannot.</summary>
    public static bool IsReadable(JsonElement data)
    {
        try
        {
            return data.ValueKind switch
            {
                JsonValueKind.Object => data.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
                JsonValueKind.Array => data.EnumerateArray().All(IsReadable),
                JsonValueKind.String => data.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonElement? Find(JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
