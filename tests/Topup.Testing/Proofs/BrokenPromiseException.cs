namespace Topup.Testing.Proofs;

/// <summary>What was promised did not hold; the message says by which evidence.</summary>
internal sealed class BrokenPromiseException(string evidence) : Exception(evidence)
{
    public static void Unless(bool kept, string evidence)
    {
        if (!kept) throw new BrokenPromiseException(evidence);
    }
}
