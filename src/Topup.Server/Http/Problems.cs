using System.Text.Json;
using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>Makes and writes problem details (RFC 9457).</summary>
internal static class Problems
{
    private const string RetryAfterSeconds = "1";
    private const string ContentType = "application/problem+json; charset=utf-8";

    public static Problem Of(int status, string code, string detail, string? field = null, decimal? limit = null) => new()
    {
        Type = "urn:topup:problem:" + code,
        Title = TitleOf(code),
        Status = status,
        Detail = detail,
        Code = code,
        Field = field,
        Limit = limit,
    };

    /// <summary>400: a field, header or query parameter has a value that cannot be.</summary>
    public static Problem Invalid(string field, string detail, decimal? limit = null) =>
        Of(StatusCodes.Status400BadRequest, ProblemCodes.InvalidField, detail, field, limit);

    public static Problem With(this Problem problem, string member, JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>(problem.Extensions ?? new Dictionary<string, JsonElement>())
        {
            [member] = value,
        };
        return problem with { Extensions = members };
    }

    public static IResult AsResult(this Problem problem) => new ProblemResult(problem);

    public static Task Write(HttpContext context, Problem problem)
    {
        if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Reply.Write(context, problem, Json.Wire.Problem, problem.Status, ContentType);
    }

    private static string TitleOf(string code)
    {
        var words = code.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => problem.Status;

        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, problem);
    }
}
