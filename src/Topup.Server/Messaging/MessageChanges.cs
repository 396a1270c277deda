using Topup.Domain;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary>Changes messages that others may be changing too: who comes second looks again and decides anew.</summary>
internal sealed class MessageChanges(LedgerDesk desk, MessageStore store, MessageMetrics metrics)
{
    private const int TriesMax = 8;

    /// <param name="decide">Null: as the message is now, there is nothing to change.</param>
    /// <param name="author">Who decides, for the audit; null: the server itself.</param>
    /// <returns>The message as it was saved; null: there was nothing to change.</returns>
    public async Task<Outcome<MessageRow?>> Make(MessageRow seen, Func<Message, Instant, MessageStep?> decide, CancellationToken stop, Author? author = null)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var change = new MessageChange(seen, (message, _, now) => decide(message, now)) { Author = author };
            var submitted = await desk.Submit(change, null);
            if (submitted.Problem is { } problem) return problem;
            if (change.Result is { } changed)
            {
                metrics.Changed(seen.Message.Status, changed.Message);
                return changed;
            }
            if (await store.Find(seen.Key, stop) is not { } now || now.Version == seen.Version) return (MessageRow?)null;
            seen = now;
        }
        return LedgerProblems.Busy();
    }
}
