using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>
/// Says what is wrong with a body that could not be read, by walking it beside its type. The exception of the reader is
/// not asked: its words are for programmers and change with its version.
/// </summary>
internal static class BodyProblem
{
    private const int EchoMax = 100;

    public static Problem Of(ReadOnlySpan<byte> json, JsonTypeInfo type, JsonException wrong)
    {
        if (json.IsEmpty) return Malformed("The body is empty; it must be a JSON object.");
        if (!Utf8.IsValid(json)) return Malformed("The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = Json.DepthMax });
            return Walk(document.RootElement, type, "")
                ?? Invalid(FieldOf(wrong.Path), "The value cannot be read.");
        }
        catch (JsonException broken)
        {
            return Malformed(
                $"The body is not valid JSON, or is deeper than {Json.DepthMax} levels: line {broken.LineNumber + 1}, " +
                $"byte {broken.BytePositionInLine + 1}{(FieldOf(wrong.Path) is { Length: > 0 } at ? $", in {at}" : "")}.");
        }
        catch (InvalidOperationException)
        {
            return Malformed("A text has an escape that is not a character, such as half of a surrogate pair.");
        }
    }

    private static Problem? Walk(JsonElement value, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => WalkObject(value, type, path),
        JsonTypeInfoKind.Dictionary => WalkDictionary(value, type, path),
        JsonTypeInfoKind.Enumerable => WalkList(value, type, path),
        JsonTypeInfoKind.None or _ => WalkLeaf(value, type, path),
    };

    private static Problem? WalkObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) return Invalid(path, "must be an object");
        var known = type.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = Join(path, member.Name);
            if (!seen.Add(member.Name)) return Duplicate(at);
            if (!known.TryGetValue(member.Name, out var property))
                return Problems.Of(400, ProblemCodes.UnknownField, $"There is no field {at}.", at);
            if (member.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable) continue;
            var inner = type.Options.GetTypeInfo(property.PropertyType);
            if (Walk(member.Value, inner, at) is { } problem) return problem;
            if (member.Value.ValueKind == JsonValueKind.Null) return Invalid(at, "must not be null");
        }
        foreach (var property in type.Properties)
        {
            if (!property.IsRequired || seen.Contains(property.Name)) continue;
            var at = Join(path, property.Name);
            return Problems.Of(400, ProblemCodes.MissingField, $"The field {at} is required.", at);
        }
        return null;
    }

    private static Problem? WalkDictionary(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) return Invalid(path, "must be an object");
        var inner = type.Options.GetTypeInfo(type.ElementType!);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = Join(path, member.Name);
            if (!seen.Add(member.Name)) return Duplicate(at);
            if (Walk(member.Value, inner, at) is { } problem) return problem;
        }
        return null;
    }

    private static Problem? WalkList(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Array) return Invalid(path, "must be a list");
        var inner = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var item in value.EnumerateArray())
            if (Walk(item, inner, $"{path}[{index++}]") is { } problem) return problem;
        return null;
    }

    private static Problem? WalkLeaf(JsonElement value, JsonTypeInfo type, string path)
    {
        try
        {
            value.Deserialize(type);
            return null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return Invalid(path, MustBe(Nullable.GetUnderlyingType(type.Type) ?? type.Type));
        }
    }

    private static string MustBe(Type type)
    {
        if (type == typeof(decimal))
            return "must be a number (not a text) of at most 28 significant digits, at most 28 of them after the point";
        if (type == typeof(int) || type == typeof(long)) return "must be a whole number, and not too large";
        if (type == typeof(bool)) return "must be true or false";
        if (type == typeof(DateTimeOffset)) return "must be a time with an offset, such as 2026-01-31T09:00:00Z";
        return type == typeof(string) ? "must be a text of whole characters" : "has a value that cannot be";
    }

    private static Problem Invalid(string path, string what) =>
        path.Length == 0
            ? Problems.Of(400, ProblemCodes.InvalidField, $"The body {what}.")
            : Problems.Invalid(path, $"{path} {what}.");

    private static Problem Duplicate(string path) =>
        Problems.Of(400, ProblemCodes.DuplicateField, $"The field {path} is there twice.", path);

    private static Problem Malformed(string detail) => Problems.Of(400, ProblemCodes.MalformedJson, detail);

    private static string Join(string path, string name)
    {
        var shown = name.Length <= EchoMax ? name : string.Concat(name.AsSpan(0, EchoMax), "...");
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }

    private static string FieldOf(string? jsonPath) => jsonPath is null ? "" : jsonPath.TrimStart('$').TrimStart('.');
}
