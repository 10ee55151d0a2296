using Microsoft.Extensions.Logging.Abstractions;
using Reco.GrainInterfaces;
using Reco.Workload.Tests.Support;
using Reco.Workload.Traffic;
using Reco.Workload.Traffic.Sinks;

namespace Reco.Workload.Tests.Traffic;

public sealed class TrafficRunnerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 7, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task RunAsync_AMinuteAtAFixedRate_SendsThatManyAndEnds()
    {
        var sink = new ListSink();
        var runner = Runner(new TrafficOptions { RatePerSecond = 200 }, sink, new JumpingTimeProvider(Start));

        await runner.RunAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(12_000, sink.Events.Count, 1.0);
        Assert.Equal((sink.Events.Count, 0L), ((int)runner.Status.Sent, runner.Status.Skipped));
        Assert.Equal(200, runner.Status.RatePerSecond, 10.0);
        Assert.Equal(sink.Events.Select(e => e.TimestampMs).Order(), sink.Events.Select(e => e.TimestampMs));
        Assert.All(sink.Events, e => Assert.InRange(
            e.TimestampMs, Start.ToUnixTimeMilliseconds(), Start.AddMinutes(1).ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task RunAsync_SameSeedRunAndClock_MakesTheSameEvents()
    {
        var (one, other) = (new ListSink(), new ListSink());
        foreach (var sink in (ListSink[])[one, other])
        {
            await Runner(new TrafficOptions { RunId = "same" }, sink, new JumpingTimeProvider(Start))
                .RunAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(one.Events);
        Assert.Equal(one.Events, other.Events);
    }

    [Fact]
    public async Task RunAsync_StartedAgainLater_MakesOtherEventIds()
    {
        var sink = new ListSink();
        foreach (var start in (DateTimeOffset[])[Start, Start.AddMilliseconds(1)])
        {
            await Runner(new TrafficOptions(), sink, new JumpingTimeProvider(start))
                .RunAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        Assert.Equal(sink.Events.Count, sink.Events.Select(e => e.EventId).Distinct().Count());
    }

    [Fact]
    public async Task StartPromotion_WhileRunning_MultipliesTheLoad()
    {
        var sink = new ListSink();
        var runner = Runner(new TrafficOptions(), sink, new JumpingTimeProvider(Start));
        runner.StartPromotion(TimeSpan.FromSeconds(10));

        await runner.RunAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(21_000, sink.Events.Count, 300.0);
    }

    [Fact]
    public async Task RunAsync_SinkBlocksForAWhile_SkipsAndCounts()
    {
        var time = new ManualTimeProvider(Start);
        var sink = new ListSink { Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        var runner = Runner(new TrafficOptions { RatePerSecond = 100 }, sink, time);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(null, stop.Token);
        await Step(time, () => sink.Waiting);

        time.Advance(TimeSpan.FromMinutes(1));
        sink.Gate.SetResult();
        await Step(time, () => runner.Status.Skipped > 0);
        await stop.CancelAsync();
        await running.Within("stopping");

        var total = (time.GetUtcNow() - Start).TotalSeconds * 100;
        Assert.InRange(runner.Status.Skipped, 5_800, 6_000);
        Assert.InRange(runner.Status.Sent + runner.Status.Skipped, total - 20, total + 1);
    }

    [Fact]
    public async Task RunAsync_SinkFails_EndsWithItsException()
    {
        var runner = Runner(new TrafficOptions { RatePerSecond = 100 }, new BrokenSink(), new JumpingTimeProvider(Start));

        await Assert.ThrowsAsync<IOException>(() => runner.RunAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private static Task Step(ManualTimeProvider time, Func<bool> until) => Deadline.Until(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return until();
        },
        "the run gets on");

    private static TrafficRunner Runner(TrafficOptions options, IEventSink sink, TimeProvider time) =>
        new(options, Shop.Products(), sink, time, NullLogger<TrafficRunner>.Instance);

    private sealed class ListSink : IEventSink
    {
        public List<ShopEvent> Events { get; } = [];

        public TaskCompletionSource? Gate { get; init; }

        public volatile bool Waiting;

        public async ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken)
        {
            Events.AddRange(events);
            Waiting = true;
            if (Gate is { } gate)
            {
                await gate.Task;
            }
        }
    }

    private sealed class BrokenSink : IEventSink
    {
        public ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken) => throw new IOException("gone");
    }
}
