using System.Globalization;
using Microsoft.Extensions.Logging;
using Reco.Core.Catalogue;
using Reco.GrainInterfaces;
using Reco.Workload.Traffic.Sinks;

namespace Reco.Workload.Traffic;

/// <summary>Makes events at the wanted rate and gives them to a sink, until it is stopped. One run at a time.</summary>
public sealed partial class TrafficRunner
{
    /// <summary>Events made and sent at once; a sink may split them further.</summary>
    public const int SendEventsMax = 4_000;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly TrafficOptions _options;
    private readonly IEventSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PromotionSchedule _promotions;
    private readonly TrafficPacer _pacer;
    private readonly ShopperSimulator _shoppers;
    private readonly List<ShopEvent> _batch = new(SendEventsMax);
    private readonly RateMeter _meter;
    private long _sent;
    private long _skipped;
    private long _skippedReported;

    /// <summary>A run that has not begun; the products are the shop's, at least one.</summary>
    public TrafficRunner(
        TrafficOptions options, IReadOnlyList<Product> products, IEventSink sink, TimeProvider time, ILogger<TrafficRunner> log)
    {
        _options = options;
        _sink = sink;
        _time = time;
        _log = log;
        _promotions = new PromotionSchedule(options.DailyPromotions());
        _pacer = new TrafficPacer(time, options, _promotions);
        _meter = new RateMeter(time);
        RunId = options.RunId ?? time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
        _shoppers = new ShopperSimulator(products, new ShopperOptions
        {
            Seed = options.Seed,
            RunId = RunId,
            Users = options.Users,
            OpenSessionsMax = options.OpenSessionsMax,
        });
    }

    /// <summary>Part of every event id of this run.</summary>
    public string RunId { get; }

    /// <summary>How it goes. Safe from any thread.</summary>
    public TrafficStatus Status
    {
        get
        {
            var simulated = _pacer.Now;
            return new TrafficStatus(
                Interlocked.Read(ref _sent),
                Interlocked.Read(ref _skipped),
                _meter.PerSecond,
                _pacer.RatePerSecond(simulated),
                simulated,
                _time.GetUtcNow() - simulated);
        }
    }

    /// <summary>Multiplies the load from now on, for this long of simulated time. No effect on a fixed rate. Safe from any thread.</summary>
    public void StartPromotion(TimeSpan duration, double factor = LoadCurve.DefaultPromotionFactor)
    {
        var from = _pacer.Now;
        _promotions.Start(from, duration, factor);
        LogPromotion(_log, factor, from, from + duration);
    }

    /// <summary>Runs until cancelled, or for this long of the clock. What the sink throws ends it.</summary>
    /// <param name="duration">How long; null for ever.</param>
    /// <param name="cancellationToken">Stops it; the method then returns, it does not throw.</param>
    public async Task RunAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        LogStarted(_log, _options.Seed, RunId, _pacer.Now, _options.Clock, _options.RatePerSecond);
        var startedAt = _time.GetTimestamp();
        var reportedAt = startedAt;
        var tick = TimeSpan.FromMilliseconds(_options.TickMs);
        try
        {
            while (duration is null || _time.GetElapsedTime(startedAt) < duration)
            {
                await Task.Delay(tick, _time, cancellationToken);
                await SendAsync(_pacer.Due(), cancellationToken);
                if (_time.GetElapsedTime(reportedAt) >= ReportEvery)
                {
                    reportedAt = _time.GetTimestamp();
                    Report();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping is how a run without a duration ends.
        }

        Report();
        LogStopped(_log, RunId, Status.Sent, Status.Skipped);
    }

    private async Task SendAsync(DueEvents due, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _skipped, due.Skipped);
        for (var made = 0; made < due.Count;)
        {
            _batch.Clear();
            while (made < due.Count && _batch.Count < SendEventsMax)
            {
                _batch.Add(_shoppers.Next(due.TimestampMs(made++)));
            }

            await _sink.SendAsync(_batch, cancellationToken);
            Interlocked.Add(ref _sent, _batch.Count);
            _meter.Count(_batch.Count);
        }
    }

    private void Report()
    {
        var status = Status;
        LogProgress(_log, status.Sent, status.RatePerSecond, status.WantedPerSecond, status.SimulatedTime, status.Lag.TotalSeconds);
        if (status.Skipped > _skippedReported)
        {
            LogSkipped(_log, status.Skipped - _skippedReported, _options.CatchUpMsMax);
            _skippedReported = status.Skipped;
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Traffic started: seed {Seed}, run {RunId}, events dated from {From:u}, clock {Clock}, fixed rate {Rate}/s")]
    private static partial void LogStarted(ILogger log, ulong seed, string runId, DateTimeOffset from, string clock, double? rate);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Traffic: {Sent} events, {Rate:0}/s of {Wanted:0}/s wanted, dated {At:u}, {LagSeconds:0} s behind the clock")]
    private static partial void LogProgress(ILogger log, long sent, double rate, double wanted, DateTimeOffset at, double lagSeconds);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Traffic: skipped {Skipped} events that were due more than {CatchUpMs} ms ago: the receiver or this machine is too slow")]
    private static partial void LogSkipped(ILogger log, long skipped, int catchUpMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Traffic: promotion of {Factor}x from {From:u} until {Until:u}")]
    private static partial void LogPromotion(ILogger log, double factor, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "Traffic stopped: run {RunId}, {Sent} events sent, {Skipped} skipped")]
    private static partial void LogStopped(ILogger log, string runId, long sent, long skipped);
}
