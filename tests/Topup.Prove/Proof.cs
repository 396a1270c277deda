namespace Topup.Prove;

/// <summary>One promise of the ledger and the attempt to break it.</summary>
internal abstract class Proof
{
    /// <summary>Such as P1; <c>docs</c> and the issue tracker know it by this name.</summary>
    public abstract string Name { get; }

    /// <summary>What is promised, in one sentence.</summary>
    public abstract string Promise { get; }

    /// <summary>Throws when the promise does not hold.</summary>
    public abstract Task Run(Trial trial);
}
