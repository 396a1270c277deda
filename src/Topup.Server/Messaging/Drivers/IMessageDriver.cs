using Topup.Contracts;
using Topup.Domain.Messaging;

namespace Topup.Server.Messaging.Drivers;

/// <summary>A way to hand messages over. It knows nothing of credits: whoever calls it holds and settles them.</summary>
internal interface IMessageDriver
{
    /// <summary>What the operator calls it when a driver is saved, such as <c>http</c>.</summary>
    string Kind { get; }

    /// <summary>What is wrong with the settings of a driver of this kind; null: nothing.</summary>
    Problem? Check(MessageDriverRequest settings);

    /// <summary>Whether a saved secret may still be used after a change; false where it would go somewhere else.</summary>
    bool KeepsSecret(MessageDriverRequest before, MessageDriverRequest after);

    /// <summary>It cannot do without a secret.</summary>
    bool NeedsSecret(MessageDriverRequest settings);

    /// <summary>It can send a text that its provider keeps, or pretends to.</summary>
    bool KnowsContents => false;

    /// <summary>
    /// Hands one message over. What cannot have left is told as such; whatever else goes wrong is an unknown outcome, and so
    /// is an exception.
    /// </summary>
    Task<SendResult> Send(OutgoingMessage message, MessageDriver driver, CancellationToken stop);
}

/// <summary>A message for a driver.</summary>
/// <param name="Id">The same for every attempt.</param>
internal sealed record OutgoingMessage(MessageId Id, string Channel, string Purpose, string Reference, MessageContent Content);

/// <summary>A driver that the operator has saved, with all it needs.</summary>
/// <param name="Secret">Empty: it has none.</param>
/// <param name="Missing">What it lacks to send; null: nothing.</param>
internal sealed record MessageDriver(string Slug, MessageDriverRequest Settings, string Secret, string? Missing)
{
    public const int ConcurrencyDefault = 10;

    public bool IsEnabled => Settings.Enabled ?? true;

    public int Priority => Settings.Priority ?? 0;

    public int Concurrency => Settings.Concurrency ?? ConcurrencyDefault;

    /// <summary>Empty: it has none of its own.</summary>
    public string CallbackSecret { get; init; } = "";

    /// <summary>What its provider signs with what it tells later; empty: nothing that it tells can be believed.</summary>
    public string CallbackToken => Settings.ApiKey is null ? Secret : CallbackSecret;

    public bool IsPerSegment => Settings.CreditsPer == DriverForm.PerSegment;

    /// <summary>A record would write its secret into a log.</summary>
    public override string ToString() => $"{Settings.Kind} driver {Slug}";
}
