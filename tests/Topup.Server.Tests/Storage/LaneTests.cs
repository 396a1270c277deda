using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class LaneTests
{
    [Fact]
    public async Task What_waits_while_a_batch_runs_is_the_next_batch_up_to_its_limit()
    {
        var batches = new List<int[]>();
        var started = new SemaphoreSlim(0);
        var gate = new SemaphoreSlim(0);
        using var lane = new Lane<int>(100, 4, async (batch, stop) =>
        {
            batches.Add([.. batch]);
            started.Release();
            await gate.WaitAsync(stop);
        }, NullLogger.Instance);
        lane.Start();

        lane.TryEnqueue(0).ShouldBeTrue();
        await started.WaitAsync(TestContext.Current.CancellationToken);
        for (var i = 1; i <= 6; i++) lane.TryEnqueue(i).ShouldBeTrue();
        lane.Waiting.ShouldBe(6);
        gate.Release(3);
        await lane.Drain(TestContext.Current.CancellationToken);

        batches.ShouldBe([[0], [1, 2, 3, 4], [5, 6]]);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_a_drained_lane_too()
    {
        var done = 0;
        using var lane = new Lane<int>(2, 10, (batch, _) => { done += batch.Count; return Task.CompletedTask; }, NullLogger.Instance);
        lane.TryEnqueue(1).ShouldBeTrue();
        lane.TryEnqueue(2).ShouldBeTrue();
        lane.TryEnqueue(3).ShouldBeFalse();

        lane.Start();
        await lane.Drain(TestContext.Current.CancellationToken);

        done.ShouldBe(2);
        lane.TryEnqueue(4).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lane_never_dies()
    {
        var done = new List<int>();
        using var lane = new Lane<int>(10, 1, (batch, _) =>
        {
            if (batch[0] == 1) throw new FormatException("mine");
            done.AddRange(batch);
            return Task.CompletedTask;
        }, NullLogger.Instance);
        lane.TryEnqueue(1);
        lane.TryEnqueue(2);
        lane.Start();
        await lane.Drain(TestContext.Current.CancellationToken);

        done.ShouldBe([2]);
    }
}
