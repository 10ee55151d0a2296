using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Workload.Http;
using Reco.Workload.Traffic;
using Reco.Workload.Traffic.Sinks;

namespace Reco.Silo.Generator;

/// <summary>The built-in generator: a past for a new shop, then traffic as the clock goes, straight into the event log.</summary>
internal sealed partial class GeneratorService(
    IEventLog log,
    ICatalogue catalogue,
    IStateStore state,
    IOptions<TrafficOptions> traffic,
    IOptions<BackfillOptions> backfill,
    TimeProvider time,
    ILoggerFactory loggers)
    : BackgroundService
{
    private const string BackfilledKey = "generator/backfilled";
    private const string BackfillEndKey = "generator/backfill-end";
    private const int BatchEvents = 2000;
    private static readonly TimeSpan ProductsInterval = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<GeneratorService>();

    /// <summary>The running traffic; null while there is none.</summary>
    public TrafficRunner? Runner { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!traffic.Value.Enabled)
        {
            return;
        }

        try
        {
            await ProductsAsync(stoppingToken);
            var sink = new EventLogSink(log, new RetryOptions { GiveUpAfter = Timeout.InfiniteTimeSpan }, time, loggers.CreateLogger<EventLogSink>());
            await BackfillAsync(sink, stoppingToken);
            Runner = new TrafficRunner(traffic.Value, catalogue.Products, sink, time, loggers.CreateLogger<TrafficRunner>());
            await Runner.RunAsync(duration: null, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while it made the past: the next start sends the same events again, and ingest drops those it has seen.
        }
    }

    /// <summary>Waits for something to deal with: a catalogue in PostgreSQL may come later than this silo.</summary>
    private async Task ProductsAsync(CancellationToken cancellationToken)
    {
        if (catalogue.Products.Count > 0)
        {
            return;
        }

        LogNoProducts();
        using var timer = new PeriodicTimer(ProductsInterval, time);
        while (catalogue.Products.Count == 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task BackfillAsync(EventLogSink sink, CancellationToken cancellationToken)
    {
        var wanted = backfill.Value.Events;
        if (wanted == 0 || await state.ReadAsync(BackfilledKey, cancellationToken) is not null)
        {
            return;
        }

        var shoppers = new ShopperSimulator(
            catalogue.Products,
            new ShopperOptions { Seed = traffic.Value.Seed, RunId = "past", Users = traffic.Value.Users, OpenSessionsMax = traffic.Value.OpenSessionsMax });
        var end = await EndOfPastAsync(cancellationToken);
        var times = Backfill.Times(
            new LoadCurve(traffic.Value.BaseRatePerSecond), end - TimeSpan.FromHours(backfill.Value.HoursBack), end, wanted);
        foreach (var batch in Backfill.Batches(shoppers, times, BatchEvents))
        {
            await sink.SendAsync(batch, cancellationToken);
        }

        await state.WriteAsync(BackfilledKey, Encode(end), cancellationToken);
        LogBackfilled(wanted, backfill.Value.HoursBack);
    }

    /// <summary>
    /// Kept before the first event is sent: a past that is made again after a crash must be the same one, or an event id would come back with
    /// another shopper, in another partition, where nobody knows it as a duplicate.
    /// </summary>
    private async Task<DateTimeOffset> EndOfPastAsync(CancellationToken cancellationToken)
    {
        if (await state.ReadAsync(BackfillEndKey, cancellationToken) is { } kept)
        {
            return DateTimeOffset.ParseExact(Encoding.UTF8.GetString(kept), "O", CultureInfo.InvariantCulture);
        }

        var end = time.GetUtcNow();
        await state.WriteAsync(BackfillEndKey, Encode(end), cancellationToken);
        return end;
    }

    private static byte[] Encode(DateTimeOffset at) => Encoding.UTF8.GetBytes(at.ToString("O", CultureInfo.InvariantCulture));

    [LoggerMessage(Level = LogLevel.Information, Message = "Gave the new shop a past: {Events} events over {Hours} hours")]
    private partial void LogBackfilled(int events, double hours);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The generator is on, but the catalogue is empty: it starts when there are products")]
    private partial void LogNoProducts();
}
