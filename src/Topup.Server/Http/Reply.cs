using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>Writes a body with its length, so that a small reply is one write and is never chunked.</summary>
internal static class Reply
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>Escapes what JSON must, and leaves + and é as they are: a reply is never part of a page.</summary>
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    /// <summary>The value as a result, or the problem in its place.</summary>
    public static IResult Of<T>(Outcome<T> outcome, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        outcome.Problem is { } problem ? problem.AsResult() : new JsonResult<T>(outcome.Value, type, status);

    /// <summary>201 for what a PUT created, 200 for what it found.</summary>
    public static IResult Of<T>(Outcome<Saved<T>> outcome, JsonTypeInfo<T> type) =>
        outcome.Problem is { } problem
            ? problem.AsResult()
            : new JsonResult<T>(outcome.Value.Value, type,
                outcome.Value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    /// <summary>204, or the problem.</summary>
    public static IResult Of(Problem? problem) => problem?.AsResult() ?? Results.NoContent();

    public static Task Write<T>(
        HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK,
        string contentType = ContentType)
    {
        // The buffer belongs to this thread and is copied from before the first await, so no other request can see it.
        buffer ??= new ArrayBufferWriter<byte>(1024);
        writer ??= new Utf8JsonWriter(buffer, Readable);
        buffer.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > Body.BytesMax) (buffer, writer) = (null, null);
        return Flush(response, context.RequestAborted);
    }

    private static Task Flush(HttpResponse response, CancellationToken stop)
    {
        var flush = response.BodyWriter.FlushAsync(stop);
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }

    private sealed class JsonResult<T>(T value, JsonTypeInfo<T> type, int status) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, value, type, status);
    }
}
