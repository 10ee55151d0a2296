using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Bench.System;
using Reco.Silo.Commands;
using Reco.Workload.Testing;

namespace Reco.Bench.Cluster;

/// <summary>
/// Two silos and a gateway in processes of their own on this machine, and what a cluster has to bear: the shop's peak load with reads beside it,
/// the death of a silo, the orderly end of one, and one that joins. After each every total is compared. Needs RecoHost=Orleans, a PostgreSQL
/// for membership and a Redis for grain state; the event log is librdkafka's mock cluster.
/// </summary>
internal static class ClusterBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Parts = ["peak", "kill", "join", "stop"];

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var postgres = new Option<string>("--postgres") { Description = "Connection string of an empty database.", Required = true, HelpName = "TEXT" };
        var redis = new Option<string>("--redis") { Description = "An empty Redis.", Required = true, HelpName = "HOST:PORT" };
        var storage = new Option<string>("--storage") { Description = "Where grain state is kept: Redis or Postgres.", DefaultValueFactory = _ => "Redis", HelpName = "NAME" };
        var rate = BenchOptions.Count("--rate", "Events per second at the peak.", 32_000, 1);
        var calm = BenchOptions.Count("--calm-rate", "Events per second while silos come and go.", 8_000, 1);
        var seconds = BenchOptions.Count("--seconds", "How long the peak lasts.", 60, 1);
        var reads = BenchOptions.Count("--reads", "Recommendations per second meanwhile.", 1_000, 1);
        var parts = new Option<string[]>("--parts")
        {
            Description = "Which of peak, kill, join and stop; they follow each other in this order.",
            DefaultValueFactory = _ => Parts,
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        parts.AcceptOnlyFromAmong(Parts);
        var set = ProcessOptions.SetOption("A setting of the silos and the gateway; may be repeated.");
        var command = new Command("cluster", "Two silos and a gateway: the peak, a silo killed, one stopped, one joining (RecoHost=Orleans).")
        {
            postgres, redis, storage, rate, calm, seconds, reads, parts, set, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = new ClusterPlan(parsed.GetValue(rate), parsed.GetValue(calm), parsed.GetValue(seconds), parsed.GetValue(reads));
            var settings = new Dictionary<string, string>
            {
                ["ConnectionStrings:Postgres"] = parsed.GetValue(postgres)!,
                ["Redis:Endpoint"] = parsed.GetValue(redis)!,
                ["Cluster:Membership"] = "Postgres",
                ["Cluster:Storage"] = parsed.GetValue(storage)!,
            };
            foreach (var (key, value) in ProcessOptions.Given(parsed, set))
            {
                settings[key] = value;
            }

            return await RunAsync(plan, settings, parsed.GetValue(parts)!, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ClusterPlan plan, Dictionary<string, string> settings, string[] parts, bool json, CancellationToken cancellationToken)
    {
        await using var broker = await TestBroker.StartAsync(
            [("user-events-all", ClusterRun.Partitions), ("user-events-dlq", 1)], cancellationToken: cancellationToken);
        using var metrics = new KafkaMetrics(null);

        // The test broker answers a fetch with one batch of a partition, which it looks for among all that it keeps. A broker answers with all
        // that there is, and has an index. So batches are made larger here than a gateway's would be, and fewer of them.
        await using var log = new KafkaEventLog(
            new KafkaOptions
            {
                BootstrapServers = broker.BootstrapServers,
                Partitions = ClusterRun.Partitions,
                CreateTopics = false,
                LingerMs = 150,
            },
            metrics,
            TimeProvider.System,
            NullLogger.Instance);
        foreach (var (key, value) in ClusterRun.Settings(broker.BootstrapServers))
        {
            settings[key] = value;
        }

        var folder = Directory.CreateTempSubdirectory("reco-bench-");
        await using (var run = new ClusterRun(folder.FullName, settings, log, plan, Patience))
        {
            await run.StartAsync(cancellationToken);
            var phases = new Dictionary<string, ClusterPhase>();
            foreach (var part in Parts.Intersect(parts))
            {
                var phase = part switch
                {
                    "peak" => await run.PeakAsync(cancellationToken),
                    "kill" => await run.WhileAsync(TimeSpan.FromSeconds(25), r => r.KillASiloAsync(), cancellationToken),
                    "join" => await run.WhileAsync(TimeSpan.FromSeconds(75), r => r.JoinAsync(cancellationToken), cancellationToken),
                    _ => await run.WhileAsync(TimeSpan.FromSeconds(25), r => r.StopASiloAsync(), cancellationToken),
                };
                phases[part] = phase;
                await Console.Error.WriteLineAsync(
                    $"bench cluster: {part}: {phase.EventsPerSecond} events/s, exact {phase.Exact}, {phase.Reads.Failed} of {phase.Reads.Requests} reads failed, p99 {phase.Reads.P99} ms");
            }

            var exact = phases.Values.All(phase => phase.Exact);
            BenchReport.Print(new { Exact = exact, Parts = phases }, json);
            folder.Delete(recursive: true);
            return exact ? 0 : 1;
        }
    }
}

/// <summary>Loads, per second, and how long the peak lasts.</summary>
internal sealed record ClusterPlan(int Rate, int CalmRate, int Seconds, int Reads);

/// <summary>How a part of the run went.</summary>
internal sealed record ClusterPhase
{
    public required bool Exact { get; init; }

    public required double EventsPerSecond { get; init; }

    public required ReadReport Reads { get; init; }

    /// <summary>From the event until 99 of 100 reads are again answered within half a second.</summary>
    public double? ReadsRecoveredSeconds { get; init; }

    /// <summary>The slowest of 99 of 100 reads in milliseconds, for each second from the event on, of the peak from its start; a read that failed is counted as endless.</summary>
    public required IEnumerable<double?> ReadsBySecond { get; init; }

    /// <summary>From the end of the traffic until every total was exact.</summary>
    public required double ExactAfterSeconds { get; init; }

    /// <summary>What the silos say of themselves: partitions and grains.</summary>
    public required IEnumerable<string> Silos { get; init; }

    public required IEnumerable<string> Wrong { get; init; }
}
