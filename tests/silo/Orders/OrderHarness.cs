using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Orders;

/// <summary>The order sink over a log and a store in memory, on a clock that the test moves.</summary>
internal sealed class OrderHarness : IAsyncDisposable
{
    private readonly OrderSinkOptions _options;
    private OrderMetrics? _metrics;
    private OrderSink? _sink;

    public OrderHarness(int partitions = 1, OrderSinkOptions? options = null)
    {
        Timers = new TimerRecorder(Time);
        Log = new InMemoryEventLog(partitions, Time) { CheckCommit = WhatIsWrongWith };
        _options = options ?? new OrderSinkOptions { CommitIntervalSeconds = 300 };
    }

    public ManualTimeProvider Time { get; } = new();

    public TimerRecorder Timers { get; }

    public InMemoryEventLog Log { get; }

    public MemoryOrderStore Store { get; } = new();

    public MemoryDeadLetters DeadLetters { get; } = new();

    public OrderSink Sink => _sink ?? throw new InvalidOperationException("not started");

    public OrderMetrics Metrics => _metrics ?? throw new InvalidOperationException("not started");

    public static async Task<OrderHarness> StartedAsync(int partitions = 1, OrderSinkOptions? options = null)
    {
        var harness = new OrderHarness(partitions, options);
        await harness.StartAsync();
        return harness;
    }

    public async Task StartAsync()
    {
        _metrics = new OrderMetrics();
        _sink = new OrderSink(
            Log, Store, DeadLetters, _metrics, Microsoft.Extensions.Options.Options.Create(_options), Timers, NullLogger<OrderSink>.Instance);
        await _sink.StartAsync(CancellationToken.None);
        await PumpAsync(() => Sink.Partitions == Log.PartitionCount, "assignment", TimeSpan.Zero);
    }

    public async Task StopAsync()
    {
        await Sink.StopAsync(CancellationToken.None).Within("stop");
        Sink.Dispose();
        Metrics.Dispose();
        (_sink, _metrics) = (null, null);
    }

    /// <summary>The silo dies: nothing is committed any more, not even by the stop.</summary>
    public Task CrashAsync()
    {
        Log.FenceAll();
        return StopAsync();
    }

    public async Task AppendAsync(params ShopEvent[] events) =>
        await Log.AppendAsync([.. events.Select(e => new LogAppend(e.UserId, ShopEventJson.ToUtf8(e)))], CancellationToken.None);

    public async Task AppendRawAsync(string key, string text) =>
        await Log.AppendAsync([new LogAppend(key, Encoding.UTF8.GetBytes(text))], CancellationToken.None);

    /// <summary>Moves the clock until every purchase in the log has been dealt with, and commits.</summary>
    public async Task SettleAsync()
    {
        await PumpAsync(() => Sink.Lag == 0, "settling", TimeSpan.FromMilliseconds(50));
        await Sink.CommitAsync(CancellationToken.None).Within("commit");
    }

    /// <summary>The store holds the first purchase of each event id, the dead letters what was refused, and no caller broke a rule.</summary>
    public void AssertExact(string because = "")
    {
        Assert.True(Log.Violations.IsEmpty, $"{because} {string.Join("\n", Log.Violations)}");
        var all = Log.Partitions.SelectMany(p => OrderOracle.PurchasesOf(p).Select(o => (p.Number, o.Offset, o.Purchase))).ToList();
        var wanted = all.Where(p => Store.Refuses(p.Purchase) is null).ToLookup(p => p.Purchase.EventId, p => p.Purchase);
        Assert.Equal(wanted.Select(w => w.Key).Order(), Store.Orders.Keys.Order());

        // Which of several partitions comes first nobody knows; within one the log does.
        Assert.All(Store.Orders, order => Assert.Contains(order.Value, FirstOfEachPartition(order.Key)));
        Assert.Equal(
            all.Where(p => Store.Refuses(p.Purchase) is not null).Select(p => (p.Number, p.Offset)),
            DeadLetters.Kept.Select(l => (l.Partition, l.Offset)));

        IEnumerable<Purchase> FirstOfEachPartition(string id) => all
            .Where(p => p.Purchase.EventId == id && Store.Refuses(p.Purchase) is null)
            .GroupBy(p => p.Number)
            .Select(g => g.First().Purchase);
    }

    public async Task PumpAsync(Func<bool> condition, string phase, TimeSpan step)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline.Default)
            {
                throw new TimeoutException($"{phase}: not so within {Deadline.Default}; failures: {string.Join(';', _sink?.Failures ?? new Dictionary<int, string>())}");
            }

            Time.Advance(step);
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sink is not null)
        {
            await StopAsync();
        }
    }

    /// <summary>The rule of the sink: whatever lies below a committed offset is an order, or a dead letter, before the commit.</summary>
    private string? WhatIsWrongWith(int partition, CommittedPosition position)
    {
        var maxTimeMs = long.MinValue;
        foreach (var (offset, purchase) in OrderOracle.PurchasesOf(Log[partition], position.NextOffset))
        {
            maxTimeMs = Math.Max(maxTimeMs, purchase.TimestampMs);
            var isDone = Store.Refuses(purchase) is null
                ? Store.Orders.ContainsKey(purchase.EventId)
                : DeadLetters.Kept.Any(letter => (letter.Partition, letter.Offset) == (partition, offset));
            if (!isDone)
            {
                return $"the purchase at offset {offset} is neither an order nor a dead letter";
            }
        }

        return position.MaxEventTimeMs == maxTimeMs ? null : $"the greatest time of those purchases is {maxTimeMs}";
    }
}
