using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>
/// Reads a JSON body straight from the connection's buffer. What is right is read in one pass; only what is wrong is
/// looked at again, to name what is wrong with it (<see cref="BodyProblem"/>).
/// </summary>
internal static class Body
{
    public const int BytesMax = 1_048_576;

    /// <summary>
    /// A body that is too large is refused at once, but taken off the wire up to here: a connection that is cut while the
    /// caller still sends would lose the refusal, and the request after it.
    /// </summary>
    public const int BytesDrainedMax = 8 * BytesMax;

    public static async ValueTask<Outcome<T>> Read<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!IsJson(context.Request.ContentType)) return NotJson();
        if (context.Request.ContentLength > BytesMax) return TooLarge();

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var buffer = read.Buffer;
            if (buffer.Length > BytesMax)
            {
                reader.AdvanceTo(buffer.Start);
                return TooLarge();
            }
            if (read.IsCompleted)
            {
                var outcome = buffer.IsSingleSegment ? Parse(buffer.FirstSpan, type) : ParseCopy(buffer, type);
                reader.AdvanceTo(buffer.End);
                return outcome;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static Outcome<T> ParseCopy<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        body.CopyTo(rented);
        try
        {
            return Parse(rented.AsSpan(0, (int)body.Length), type);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static Outcome<T> Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(json, type) is { } value) return value;
            return Problems.Of(400, ProblemCodes.InvalidField, "The body must be an object, not null.");
        }
        catch (JsonException wrong)
        {
            return BodyProblem.Of(json, type, wrong);
        }
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is null) return false;
        var mediaType = contentType.AsSpan();
        var end = mediaType.IndexOf(';');
        if (end >= 0) mediaType = mediaType[..end];
        return mediaType.Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

    private static Problem NotJson() => Problems.Of(StatusCodes.Status415UnsupportedMediaType,
        ProblemCodes.UnsupportedMediaType, "The body must be JSON, with the header Content-Type: application/json.",
        "Content-Type");

    private static Problem TooLarge() => Problems.Of(StatusCodes.Status413PayloadTooLarge,
        ProblemCodes.BodyTooLarge, $"The body is larger than {BytesMax} bytes.", limit: BytesMax);
}
