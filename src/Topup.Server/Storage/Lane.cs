using System.Threading.Channels;

namespace Topup.Server.Storage;

/// <summary>
/// A bounded queue and the one loop that empties it in batches. A batch is whatever waits when the last one is done, at
/// most <paramref name="batchMax"/>: no timer, so a lone request never waits for company. <paramref name="run"/> must
/// answer every request it is given and may not keep the list.
/// </summary>
/// <param name="ownThread">
/// For batches that hold on to their thread from begin to commit, as those on SQLite do, which is called and not awaited:
/// on a thread of the pool such a lane keeps away a core's worth of the requests it waits for.
/// </param>
internal sealed class Lane<TRequest>(
    int capacity, int batchMax, Func<List<TRequest>, CancellationToken, Task> run, ILogger log, bool ownThread = false) : IDisposable
{
    // What a writer continues on a lane with its own thread is only to wake that thread.
    private readonly Channel<TRequest> queue = Channel.CreateBounded<TRequest>(
        new BoundedChannelOptions(capacity) { SingleReader = true, AllowSynchronousContinuations = ownThread });

    private readonly CancellationTokenSource hurried = new();
    private Task loop = Task.CompletedTask;

    public int Waiting => queue.Reader.Count;

    /// <summary>False when the queue is full, or drained: the caller refuses the request at once.</summary>
    public bool TryEnqueue(TRequest request) => queue.Writer.TryWrite(request);

    public void Start() => loop = ownThread
        ? Task.Factory.StartNew(LoopOnOwnThread, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.Run(Loop);

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
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None)) await RunWhatWaits(batch);
    }

    private void LoopOnOwnThread()
    {
        var batch = new List<TRequest>(batchMax);
        while (queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            RunWhatWaits(batch).GetAwaiter().GetResult();
    }

    private async Task RunWhatWaits(List<TRequest> batch)
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
