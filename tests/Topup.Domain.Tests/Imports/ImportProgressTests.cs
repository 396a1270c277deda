using Shouldly;
using Topup.Domain.Imports;
using Xunit;

namespace Topup.Domain.Tests.Imports;

public sealed class ImportProgressTests
{
    [Theory]
    [InlineData(ImportStatus.Checked, ImportStatus.Waiting, ImportStatus.Canceled)]
    [InlineData(ImportStatus.Waiting, ImportStatus.Waiting, ImportStatus.Canceled)]
    [InlineData(ImportStatus.Running, ImportStatus.Running, ImportStatus.Canceled)]
    [InlineData(ImportStatus.Done, null, null)]
    [InlineData(ImportStatus.Canceled, null, ImportStatus.Canceled)]
    public void What_is_over_is_not_started_and_what_is_done_is_not_canceled(ImportStatus status, ImportStatus? started, ImportStatus? canceled)
    {
        var import = new ImportProgress(status, 3, 1, 0);
        import.Start()?.Status.ShouldBe(started!.Value);
        (import.Start() is null).ShouldBe(started is null);
        (import.Cancel() is null).ShouldBe(canceled is null);
        if (import.Cancel() is { } after) (after.Status, after.Done).ShouldBe((ImportStatus.Canceled, 1));
    }

    [Fact]
    public void It_is_done_with_its_last_row_and_not_before()
    {
        var import = new ImportProgress(ImportStatus.Waiting, 250, 0, 0).Begin();
        import.Status.ShouldBe(ImportStatus.Running);
        import = import.Add(99, 1);
        (import.Status, import.Percent, import.Left).ShouldBe((ImportStatus.Running, 40, 150));
        import = import.Add(149, 0);
        (import.Status, import.Percent).ShouldBe((ImportStatus.Running, 99));
        import = import.Add(0, 1);
        (import.Status, import.Percent, import.Done, import.Failed, import.IsOver).ShouldBe((ImportStatus.Done, 100, 248, 2, true));
    }

    [Fact]
    public void Rows_that_end_after_a_cancel_are_counted_and_it_stays_canceled()
    {
        var import = new ImportProgress(ImportStatus.Running, 2, 1, 0).Cancel()!.Value.Add(1, 0);
        (import.Status, import.Done, import.Left, import.Begin().Status).ShouldBe((ImportStatus.Canceled, 2, 0, ImportStatus.Canceled));
    }

    [Fact]
    public void No_row_is_counted_that_there_is_not() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ImportProgress(ImportStatus.Running, 2, 1, 0).Add(1, 1));

    [Fact]
    public void Whatever_the_parts_percent_never_falls_and_is_100_only_at_the_end()
    {
        var random = new Random(20_260_310);
        for (var life = 0; life < 500; life++)
        {
            var import = new ImportProgress(ImportStatus.Waiting, random.Next(1, 1_000), 0, 0);
            for (var percent = 0; !import.IsOver; percent = import.Percent)
            {
                var rows = random.NextInt64(0, Math.Min(import.Left, 100) + 1);
                var failed = random.NextInt64(0, rows + 1);
                import = import.Begin().Add(rows - failed, failed);
                import.Percent.ShouldBeGreaterThanOrEqualTo(percent);
                (import.Percent == 100).ShouldBe(import.Status == ImportStatus.Done);
            }
            (import.Done + import.Failed).ShouldBe(import.Rows);
        }
    }
}
