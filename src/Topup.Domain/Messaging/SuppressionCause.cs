namespace Topup.Domain.Messaging;

/// <summary>Why a recipient gets no more messages. The numbers are stored and never change their meaning.</summary>
public enum SuppressionCause
{
    /// <summary>It gets them.</summary>
    None = 0,

    /// <summary>Somebody of the operator's or the platform's said so.</summary>
    ByHand = 1,

    /// <summary>The provider says that there is no such recipient.</summary>
    Bounced = 2,

    /// <summary>The recipient told the provider to stop.</summary>
    OptedOut = 3,
}
