using Topup.Domain.Messaging;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Messaging.Callbacks;

/// <summary>Reads what the provider of a driver tells later.</summary>
internal interface ICallbackReader
{
    /// <summary>Null: it is not signed with the driver's secret, so nobody knows who says it.</summary>
    CallbackNews? Read(CallbackRequest request, MessageDriver driver);

    /// <summary>How many segments a message took, asked of the provider; null: it does not say.</summary>
    Task<long?> CountSegments(string providerId, MessageDriver driver, CancellationToken stop);
}

/// <param name="Url">Where it was sent to, as it was handed out.</param>
internal sealed record CallbackRequest(string Url, IHeaderDictionary Headers, byte[] Body);

/// <param name="Message">Null: it names none of ours.</param>
/// <param name="News">Null: it says nothing that is known here.</param>
/// <param name="ProviderId">Empty: it does not say.</param>
internal sealed record CallbackNews(
    MessageId? Message, LaterNews? News, string Reason, string ProviderId, long? Segments = null, SuppressionCause Suppress = SuppressionCause.None);
