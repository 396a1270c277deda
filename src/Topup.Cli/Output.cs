using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Topup.Cli;

/// <summary>Answers as a table for people, or as one JSON object a line for programs. Rows are shown as they come.</summary>
internal sealed class Output(TextWriter to, bool asJson)
{
    private const string Gap = "  ";

    public bool IsJson => asJson;

    /// <summary>One thing: a line for each of its fields.</summary>
    public void Show<T>(T value, JsonTypeInfo<T> type, params ReadOnlySpan<(string Title, object? Value)> fields)
    {
        if (asJson)
        {
            Json(value, type);
            return;
        }
        var width = 0;
        foreach (var (title, content) in fields)
            if (content is not null) width = Math.Max(width, title.Length);
        foreach (var (title, content) in fields)
            if (content is not null) to.WriteLine(title.PadRight(width) + Gap + Text(content));
    }

    /// <summary>A line for people only.</summary>
    public void Say(string words)
    {
        if (!asJson) to.WriteLine(words);
    }

    /// <summary>Many things: a line for each.</summary>
    public async Task List<T>(IAsyncEnumerable<T> rows, JsonTypeInfo<T> type, params Column<T>[] columns)
    {
        if (!asJson) Line(columns, column => column.Title);
        await foreach (var row in rows)
        {
            if (asJson) Json(row, type);
            else Line(columns, column => Text(column.Value(row)));
            await to.FlushAsync();
        }
    }

    public static async IAsyncEnumerable<T> Rows<T>(IEnumerable<T> rows)
    {
        foreach (var row in rows) yield return row;
        await Task.CompletedTask;
    }

    private void Line<T>(Column<T>[] columns, Func<Column<T>, string> text) =>
        to.WriteLine(string.Join(Gap, columns.Select(column => text(column).PadRight(column.Width))).TrimEnd());

    private void Json<T>(T value, JsonTypeInfo<T> type) => to.WriteLine(JsonSerializer.Serialize(value, type));

    private static string Text(object? value) => value switch
    {
        null => "-",
        bool yes => yes ? "yes" : "no",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable<string> words => string.Join(' ', words),
        _ => value.ToString() ?? "",
    };
}

internal sealed record Column<T>(string Title, int Width, Func<T, object?> Value);
