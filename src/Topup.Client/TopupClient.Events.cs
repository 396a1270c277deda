using System.Globalization;
using System.Runtime.CompilerServices;
using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(1);

    /// <summary>The log of events up to now, in order. Positions have no gaps, so a reader that remembers the last one misses nothing.</summary>
    /// <param name="after">Only events after this position; 0: from the first.</param>
    /// <param name="tenant">Only of this tenant.</param>
    /// <param name="type">Only of this type, such as <c>credits.low</c>.</param>
    public IAsyncEnumerable<EventView> ListEvents(
        long after = 0, string? tenant = null, string? type = null, CancellationToken stop = default) =>
        All((cursor, within) => ListEventsPage(after, tenant, type, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListEvents"/>.</summary>
    public Task<Page<EventView>> ListEventsPage(
        long after = 0, string? tenant = null, string? type = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/events", ("after", after.ToString(CultureInfo.InvariantCulture)), ("tenant", tenant), ("type", type),
            ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageEventView, stop);

    /// <summary>Like <see cref="ListEvents"/>, but waits for more and never ends by itself.</summary>
    public async IAsyncEnumerable<EventView> FollowEvents(
        long after = 0, string? tenant = null, string? type = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        while (true)
        {
            await foreach (var @event in ListEvents(after, tenant, type, stop).ConfigureAwait(false))
            {
                yield return @event;
                after = @event.Position;
            }
            await Task.Delay(FollowEvery, options.Clock, stop).ConfigureAwait(false);
        }
    }
}
