using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Bench.Generator;
using Reco.Bench.Ingest;
using Reco.Bench.System;
using Reco.Silo.Ingest;
using Reco.Workload.Testing;

namespace Reco.Bench.Kafka;

/// <summary>
/// The same two questions as with the embedded log, asked of Kafka's protocol: a full topic into exact grain state, and the generator at its peak.
/// The broker is librdkafka's mock cluster in a process of its own, on the same cores; it keeps 5 MiB a partition, hence the many partitions.
/// </summary>
internal static class KafkaBenchmark
{
    private const int Partitions = 64;
    private const long MockPartitionBytesMax = 5 << 20;

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var events = BenchOptions.Count("--events", "Events in the topic.", 1_000_000, 1000);
        var rate = BenchOptions.Count("--rate", "The generator's events per second.", 32_000, 1);
        var seconds = BenchOptions.Count("--seconds", "How long the generator runs, after a warm-up of 5 s; 0 leaves it out.", 60, 0);
        var command = new Command("kafka", "Events per second from a Kafka-protocol test broker to grain state, whether every total is exact, and the generator into it.")
        {
            events, rate, seconds, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(events), parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int events, int rate, int seconds, bool json, CancellationToken cancellationToken)
    {
        var ingest = await IngestAsync(events, cancellationToken);
        var generator = seconds == 0 ? null : await GenerateAsync(rate, seconds, cancellationToken);
        BenchReport.Print(
            new
            {
                ingest.EventsPerSecond,
                ingest.Exact,
                Events = events,
                ingest.Seconds,
                Partitions,
                PartitionBytesMax = ingest.LargestPartitionBytes,
                GeneratorEventsPerSecond = generator is null ? 0 : Math.Round(generator.EventsPerSecond),
                GeneratorKeepsUp = generator?.KeepsUp(rate),
                GeneratorLagMedian = generator?.LagMedian,
                GeneratorLagMax = generator?.LagMax,
                GeneratorSkipped = generator?.Skipped,
                ingest.Wrong,
            },
            json);
        return ingest.Exact && generator?.KeepsUp(rate) != false ? 0 : 1;
    }

    private static async Task<(double EventsPerSecond, bool Exact, double Seconds, long LargestPartitionBytes, IEnumerable<string> Wrong)> IngestAsync(
        int events, CancellationToken cancellationToken)
    {
        await using var broker = await TestBroker.StartAsync([("user-events-all", Partitions), ("user-events-dlq", 1)], cancellationToken: cancellationToken);
        var (fold, largest) = await FillAsync(broker, events, cancellationToken);
        await using var host = BenchHost.Create(Settings(broker, generator: false));
        var ingest = host.App.Services.GetRequiredService<IngestService>();
        var clock = new Stopwatch();
        await host.App.StartAsync(cancellationToken);
        while (ingest.AppliedEvents < events)
        {
            if (!clock.IsRunning && ingest.Partitions > 0)
            {
                // Joining the group is a matter of the brokers' timers, not of throughput.
                clock.Start();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await ingest.CheckpointAsync(cancellationToken);
        var wrong = await GrainTotals.CompareAsync(host.App.Services.GetRequiredService<IGrainFactory>(), fold);
        return (Math.Round(events / seconds), wrong.Count == 0 && fold.Events == events, Math.Round(seconds, 3), largest, wrong.Take(5));
    }

    private static async Task<(PlainFold Fold, long LargestPartitionBytes)> FillAsync(TestBroker broker, int events, CancellationToken cancellationToken)
    {
        using var metrics = new KafkaMetrics(null);
        await using var log = new KafkaEventLog(
            new KafkaOptions { BootstrapServers = broker.BootstrapServers, Partitions = Partitions, CreateTopics = false },
            metrics,
            TimeProvider.System,
            NullLogger.Instance);
        var bytes = await LogFiller.FillAsync(log, events, cancellationToken);
        if (bytes.Max() >= MockPartitionBytesMax)
        {
            throw new InvalidOperationException(
                $"a partition has {bytes.Max()} bytes, and the test broker keeps {MockPartitionBytesMax}: fewer --events");
        }

        return (await PlainFold.OfAsync(log, cancellationToken), bytes.Max());
    }

    private static async Task<LagReport> GenerateAsync(int rate, int seconds, CancellationToken cancellationToken)
    {
        await using var broker = await TestBroker.StartAsync([("user-events-all", Partitions), ("user-events-dlq", 1)], cancellationToken: cancellationToken);
        var settings = Settings(broker, generator: true);
        settings["Generator:RatePerSecond"] = rate.ToString(CultureInfo.InvariantCulture);
        settings["Backfill:Events"] = "0";
        await using var host = BenchHost.Create(settings);
        await host.App.StartAsync(cancellationToken);
        return await LagReport.MeasureAsync(host, seconds, cancellationToken);
    }

    private static Dictionary<string, string?> Settings(TestBroker broker, bool generator) => new()
    {
        ["Kafka:BootstrapServers"] = broker.BootstrapServers,
        ["Kafka:Partitions"] = Partitions.ToString(CultureInfo.InvariantCulture),
        ["Kafka:CreateTopics"] = "false",
        ["Kafka:EndOffsetIntervalSeconds"] = "0.25",
        ["Generator:Enabled"] = generator ? "true" : "false",
    };
}
