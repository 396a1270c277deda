using Topup.Contracts;

namespace Topup.Client;

/// <summary>The server refused a request, and says why.</summary>
public sealed class TopupException : Exception
{
    /// <param name="problem">What the server said.</param>
    public TopupException(Problem problem)
        : base($"{problem.Detail} ({problem.Code})") => Problem = problem;

    /// <summary>What the server said, in full.</summary>
    public Problem Problem { get; }

    /// <summary>One of <see cref="ProblemCodes"/>.</summary>
    public string Code => Problem.Code;

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>The field, header or query parameter that is wrong; null: none.</summary>
    public string? Field => Problem.Field;

    /// <summary>The limit that was passed; null: none.</summary>
    public decimal? Limit => Problem.Limit;
}
