using System.Diagnostics;
using System.Globalization;

namespace Topup.Testing.Proofs;

internal enum CallKind
{
    Consume,
    Grant,
    Read,
}

/// <summary>One call, from just before it was sent until just after its answer.</summary>
/// <param name="Done">The change was made. A read is always done.</param>
/// <param name="Total">The credits that the answer says there are: after the change, or as it found them.</param>
internal readonly record struct Call(CallKind Kind, long Amount, bool Done, long Total, long Sent, long Answered);

/// <summary>
/// A recorded history of one account under concurrent callers, and the search for an order of its calls that explains it:
/// one in which no call comes before another that was answered before it was sent, and in which every answer is right.
/// After Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with the visited states remembered.
/// </summary>
internal static class History
{
    /// <summary>Random calls on one new account, by some callers at once.</summary>
    public static async Task<Call[]> Record(IReadOnlyList<LoadClient> callers, string tenant, string type, int calls, int seed)
    {
        var histories = await Task.WhenAll(callers.Select((client, i) => Task.Run(async () =>
        {
            var random = new Random(unchecked(seed * 397 + i));
            var history = new List<Call>();
            for (var k = i; k < calls; k += callers.Count)
                history.Add(await Make(client, tenant, type, random, string.Create(CultureInfo.InvariantCulture, $"{tenant}-{k}")));
            return history;
        })));
        return [.. histories.SelectMany(history => history).OrderBy(call => call.Sent)];
    }

    /// <summary>Pairs of calls that overlapped in time: where there are none, a history proves nothing.</summary>
    public static int Overlaps(Call[] calls) => calls.Select((call, i) => calls.Skip(i + 1).Count(later => later.Sent < call.Answered)).Sum();

    public static bool IsLinearizable(Call[] calls)
    {
        var done = new bool[calls.Length];
        return Search(calls, done, calls.Length, total: 0, first: 0, new HashSet<(UInt128, UInt128, long)>());
    }

    private static async Task<Call> Make(LoadClient client, string tenant, string type, Random random, string key)
    {
        var amount = random.Next(1, 6);
        var kind = random.Next(10) switch { < 6 => CallKind.Consume, < 8 => CallKind.Grant, _ => CallKind.Read };
        var sent = Stopwatch.GetTimestamp();
        var reply = kind switch
        {
            CallKind.Consume => await client.Consume(tenant, type, amount, key),
            CallKind.Grant => await client.Send("/v1/grants", key, string.Create(CultureInfo.InvariantCulture,
                $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":{{amount}},"source":"adjustment"}""")),
            _ => await client.Send(client.Get($"/v1/tenants/{tenant}/pools/{type}")),
        };
        var answered = Stopwatch.GetTimestamp();
        BrokenPromiseException.Unless(reply.Status == 200, $"{kind} was answered {reply.Status} {reply.Text}");
        return new Call(kind, amount, kind != CallKind.Consume || reply.IsAllowed, reply.Number("total"), sent, answered);
    }

    private static bool Search(Call[] calls, bool[] done, int left, long total, int first, HashSet<(UInt128, UInt128, long)> seen)
    {
        if (left == 0) return true;
        while (done[first]) first++;
        // A call may be next if it was sent before any other that is left was answered.
        var soonest = long.MaxValue;
        for (var i = first; i < calls.Length && calls[i].Sent <= soonest; i++)
            if (!done[i]) soonest = Math.Min(soonest, calls[i].Answered);
        for (var i = first; i < calls.Length && calls[i].Sent <= soonest; i++)
        {
            if (done[i] || !Explains(calls[i], total, out var next)) continue;
            done[i] = true;
            if (seen.Add(StateOf(done, next)) && Search(calls, done, left - 1, next, first, seen)) return true;
            done[i] = false;
        }
        return false;
    }

    private static bool Explains(Call call, long total, out long next)
    {
        next = !call.Done ? total : call.Kind switch
        {
            CallKind.Consume => total - call.Amount,
            CallKind.Grant => total + call.Amount,
            CallKind.Read => total,
        };
        var isRight = call.Done || total < call.Amount;
        return isRight && next >= 0 && next == call.Total;
    }

    private static (UInt128 Low, UInt128 High, long Total) StateOf(bool[] done, long total)
    {
        var (low, high) = (UInt128.Zero, UInt128.Zero);
        for (var i = 0; i < done.Length; i++)
        {
            if (!done[i]) continue;
            if (i < 128) low |= UInt128.One << i;
            else high |= UInt128.One << (i - 128);
        }
        return (low, high, total);
    }
}
