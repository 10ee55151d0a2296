using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Silo.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

/// <summary>Ingest over a log in memory and modelled grains, on a clock that the test moves.</summary>
internal sealed class IngestHarness : IAsyncDisposable
{
    private GrainClient? _client;
    private IngestMetrics? _metrics;
    private IngestService? _service;

    /// <param name="partitions">Of the log.</param>
    /// <param name="options">Without a pace, unless <paramref name="isPaced"/>: most tests let the clock stand, and would wait for ever.</param>
    /// <param name="isPaced">Partitions read at common times.</param>
    public IngestHarness(int partitions = 1, IngestOptions? options = null, bool isPaced = false)
    {
        Timers = new TimerRecorder(Time);
        Log = new InMemoryEventLog(partitions, Time) { CheckCommit = WhatIsWrongWith };
        Options = options ?? new IngestOptions { CheckpointIntervalSeconds = 300 };
        Options.ReadIntervalMillisecondsMax = isPaced ? Options.ReadIntervalMillisecondsMax : 0;
    }

    public ManualTimeProvider Time { get; } = new();

    public TimerRecorder Timers { get; }

    public InMemoryEventLog Log { get; }

    public GrainModels Grains { get; } = new();

    public MemoryDeadLetters DeadLetters { get; } = new();

    public IngestOptions Options { get; }

    public WindowOptions Windows { get; } = new();

    public StreamClock Clock { get; private set; } = null!;

    public IngestService Service => _service ?? throw new InvalidOperationException("not started");

    public IngestMetrics Metrics => _metrics ?? throw new InvalidOperationException("not started");

    public bool IsRunning => _service is not null;

    public static async Task<IngestHarness> StartedAsync(int partitions = 1, IngestOptions? options = null)
    {
        var harness = new IngestHarness(partitions, options);
        await harness.StartAsync();
        return harness;
    }

    public async Task StartAsync()
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        _metrics = new IngestMetrics();
        _client = new GrainClient(Grains);
        Clock = new StreamClock(Time);
        var checkpointer = new Checkpointer(_client, options, _metrics, Timers, NullLogger<Checkpointer>.Instance);
        _service = new IngestService(
            Log, _client, DeadLetters, Clock, checkpointer, _metrics, options, Microsoft.Extensions.Options.Options.Create(Windows), Timers, NullLogger<IngestService>.Instance);
        await _service.StartAsync(CancellationToken.None);
        await PumpAsync(() => Service.Partitions == Log.PartitionCount, "assignment", TimeSpan.Zero);
    }

    /// <summary>An orderly stop: what was applied is checkpointed.</summary>
    public async Task StopAsync()
    {
        await Service.StopAsync(CancellationToken.None).Within("stop");
        Forget();
    }

    /// <summary>The silo dies; what it was about to do has no effect. Its grains die with it, or live elsewhere.</summary>
    public async Task CrashAsync(bool grainsToo)
    {
        _client!.IsDead = true;
        Log.FenceAll();
        if (grainsToo)
        {
            Grains.DieAll();
        }

        await StopAsync();
    }

    public async Task AppendAsync(params ShopEvent[] events) =>
        await Log.AppendAsync([.. events.Select(e => new LogAppend(e.UserId, ShopEventJson.ToUtf8(e)))], CancellationToken.None);

    public async Task AppendRawAsync(string key, string text) =>
        await Log.AppendAsync([new LogAppend(key, Encoding.UTF8.GetBytes(text))], CancellationToken.None);

    /// <summary>Waits, the clock standing, until everything in the log is applied.</summary>
    public Task AppliedAsync() => PumpAsync(() => Service.Lag == 0, "applying", TimeSpan.Zero);

    /// <summary>Waits, the clock standing, until the partition says what is wrong with it.</summary>
    public async Task<string> FailureAsync(int partition = 0)
    {
        await PumpAsync(() => Service.Failures.ContainsKey(partition), "a failure", TimeSpan.Zero);
        return Service.Failures[partition];
    }

    public Task CheckpointAsync() => Service.CheckpointAsync(CancellationToken.None).Within("checkpoint");

    /// <summary>Checkpoints and moves the clock until everything in the log is committed.</summary>
    public async Task SettleAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!IsSettled)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < Deadline.Default,
                $"never settled: committed {string.Join(' ', Log.Partitions.Select(p => $"{p.CommittedOffset}/{p.EndOffset}"))}, "
                + $"lag {Service.Lag}, failures {string.Join("; ", Service.Failures)}");
            await PumpAsync(() => Service.Lag == 0, "settling", TimeSpan.FromMilliseconds(50));
            await CheckpointAsync();
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    /// <summary>Every grain knows exactly what the log says, durably, and every bad record lies among the dead letters.</summary>
    public void AssertExact(string because = "")
    {
        var oracle = LogOracle.Of(Log, Windows.AllowedLateness);
        Assert.True(Log.Violations.IsEmpty, $"{because} {string.Join("\n", Log.Violations)}");
        var touched = Grains.Names.Where(name => Grains[name].Taken.Length > 0);
        Assert.True(oracle.Grains.SequenceEqual(touched), $"{because} expected {string.Join(' ', oracle.Grains)}, got {string.Join(' ', touched)}");
        var differences = oracle.Grains
            .SelectMany(grain => Differences(oracle.Of(grain), Grains[grain].Taken, grain)
                .Concat(Differences(oracle.Of(grain), Grains[grain].Durable, $"{grain}, durable")))
            .Take(12)
            .ToList();
        Assert.True(differences.Count == 0, $"{because} {string.Join("\n", differences)}");
        Assert.True(
            oracle.BadRecords.SequenceEqual(DeadLetters.Kept.Select(letter => (letter.Partition, letter.Offset))), $"{because} dead letters differ");
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await StopAsync();
        }
    }

    /// <summary>Lets the others work, moving the clock by the step each time, until the condition holds.</summary>
    public async Task PumpAsync(Func<bool> condition, string phase, TimeSpan step)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var turn = 0; !condition(); turn++)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline.Default)
            {
                throw new TimeoutException($"{phase}: not so within {Deadline.Default}; failures: {string.Join(';', Service.Failures)}");
            }

            Time.Advance(step);
            await Task.Yield();
        }
    }

    private bool IsSettled =>
        Log.Partitions.All(p => p.CommittedOffset == p.EndOffset) && Service.Lag == 0 && Service.Failures.Count == 0;

    private IEnumerable<string> Differences(TakenEvent[] expected, TakenEvent[] actual, string grain) =>
        expected.Except(actual).Select(missing => $"{grain} misses {Describe(missing)}")
            .Concat(actual.Except(expected).Select(wrong => $"{grain} has {Describe(wrong)}"));

    private string Describe(TakenEvent taken) =>
        $"{taken}, in the log {Encoding.UTF8.GetString(Log[taken.Partition].At(taken.Offset).Value)}";

    /// <summary>The rule of checkpoints: below the committed offset everything is durable, and the watermark is that of those records.</summary>
    private string? WhatIsWrongWith(int partition, CommittedPosition position)
    {
        var oracle = LogOracle.Of(Log, Windows.AllowedLateness);
        if (position.MaxEventTimeMs != oracle.WatermarkMs(partition, position.NextOffset))
        {
            return $"the watermark of those records is {oracle.WatermarkMs(partition, position.NextOffset)}";
        }

        foreach (var grain in oracle.Grains)
        {
            foreach (var taken in oracle.Of(grain))
            {
                if (taken.Partition == partition && taken.Offset < position.NextOffset && !Grains[grain].IsDurable(partition, taken.Offset))
                {
                    return $"{grain} does not durably include offset {taken.Offset}";
                }
            }
        }

        return null;
    }

    private void Forget()
    {
        Service.Dispose();
        Metrics.Dispose();
        (_service, _metrics, _client) = (null, null, null);
    }
}
