using System.Threading.Channels;

namespace Topup.Server.Storage;

/// <summary>
/// A bounded queue and the one loop that empties it in batches. A batch is whatever waits when the last one is done, at
/// most <paramref name="batchMax"/>: no timer, so a lone request never waits for company. <paramref name="run"/> must
/// answer every request it is given and may not keep the list.
/// </summary>
internal sealed class Lane<TRequest>(
    int capacity, int batchMax, Func<List<TRequest>, CancellationToken, Task> run, ILogger log) : IDisposable
{
    private readonly Channel<TRequest> queue = Channel.CreateBounded<TRequest>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    private readonly CancellationTokenSource hurried = new();
    private Task loop = Task.CompletedTask;

    public int Waiting => queue.Reader.Count;

    /// <summary>False when the queue is full, or drained: the caller refuses the request at once.</summary>
    public bool TryEnqueue(TRequest request) => queue.Writer.TryWrite(request);

    public void Start() => loop = Task.Run(Loop);

    /// <summary>Takes no more requests and finishes those that wait; <paramref name="hurry"/> tells the batches to give up.</summary>
    public async Task Drain(CancellationToken hurry = default)
    {
        queue.Writer.TryComplete();
        await using var registration = hurry.Register(hurried.Cancel);
        await loop;
    }

    public void Dispose() => hurried.Dispose();

    private async Task Loop()
    {
        var batch = new List<TRequest>(batchMax);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < batchMax && queue.Reader.TryRead(out var request)) batch.Add(request);
            try
            {
                await run(batch, hurried.Token);
            }
            catch (Exception exception)
            {
                log.LogError(exception, "A batch of {Count} requests failed; the lane goes on", batch.Count);
            }
            batch.Clear();
        }
    }
}
