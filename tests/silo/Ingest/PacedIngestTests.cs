using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

/// <summary>Ingest that partitions read at common times for: see <see cref="Reco.Silo.Ingest.IngestPace"/>.</summary>
public sealed class PacedIngestTests
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(512);

    [Fact]
    public async Task Ingest_HandingOverTakesLong_ReadsAtTheNextCommonTimeAndIsExact()
    {
        await using var harness = new IngestHarness(isPaced: true);
        await harness.StartAsync();
        var held = new TaskCompletionSource<CallFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Grains.OnApply = _ =>
        {
            called.TrySetResult();
            return held.Task;
        };
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await called.Task.Within("the call");
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        held.SetResult(CallFault.None);

        // The clock stands: the event after it is left in the log.
        await harness.PumpAsync(() => harness.Timers.Waits.Any(wait => wait > TimeSpan.Zero && wait <= LongestInterval), "a wait for the next time", TimeSpan.Zero);
        await harness.AppendAsync(Events.View("2", "ann", "cup"), Events.View("3", "bob", "cup"));
        Assert.Equal(2, harness.Service.Lag);

        harness.Time.Advance(LongestInterval);
        await harness.PumpAsync(() => harness.Service.Lag == 0, "the next time", TimeSpan.Zero);
        await harness.CheckpointAsync();
        harness.AssertExact();
    }

    [Fact]
    public async Task Ingest_AFullBatchBehind_DoesNotWait()
    {
        await using var harness = new IngestHarness(options: new() { BatchRecordsMax = 2, CheckpointIntervalSeconds = 300 }, isPaced: true);
        await harness.AppendAsync(Events.Views("v", 5));
        harness.Grains.OnApply = _ =>
        {
            harness.Time.Advance(TimeSpan.FromSeconds(10)); // Each call.
            return Task.FromResult(CallFault.None);
        };
        await harness.StartAsync();

        // Two batches at once; the single record behind them waits for the next time.
        await harness.PumpAsync(() => harness.Service.Lag == 1, "the full batches", TimeSpan.Zero);
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.None);
        await harness.PumpAsync(() => harness.Service.Lag == 0, "the rest", TimeSpan.FromMilliseconds(64));
        await harness.CheckpointAsync();
        harness.AssertExact();
    }
}
