using Topup.Contracts;

namespace Topup.Server.Http;

/// <summary>A value, or the problem that the caller gets instead of one.</summary>
internal readonly struct Outcome<T>
{
    private readonly T value;

    private Outcome(T value, Problem? problem)
    {
        this.value = value;
        Problem = problem;
    }

    public Problem? Problem { get; }

    /// <summary>The value. To be asked only where there is no problem.</summary>
    public T Value => Problem is null ? value : throw new InvalidOperationException("There is a problem, not a value.");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default!, problem);
}
