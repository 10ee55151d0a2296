using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Redis;
using Reco.Adapters.Redis.Resp;
using Reco.Bench.System;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Bench.Redis;

/// <summary>
/// Our client's SETs against redis-benchmark's on one private redis-server, in turn, with the same depth, callers, keys and bytes. redis-benchmark
/// (C) has a socket for each caller; we have one for all.
/// </summary>
internal static class RedisBenchmark
{
    private const double SetsPerSecondGoal = 200_000;
    private const double RatioGoal = 0.5;
    private const int Keys = 100_000;
    private const int DocumentBytes = 1_500;

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var depth = BenchOptions.Count("--depth", "SETs that a caller sends together (redis-benchmark -P).", 32, 1);
        var callers = BenchOptions.Count("--callers", "Callers at one time (redis-benchmark -c).", 50, 1);
        var sets = BenchOptions.Count("--sets", "SETs of one round.", 1_000_000, 1_000);
        var rounds = BenchOptions.Count("--rounds", "Rounds of each; the median counts.", 3, 1);
        var bytes = BenchOptions.Count("--bytes", "Bytes of a value (redis-benchmark -d).", 3, 1);
        var command = new Command("redis", "Pipelined SETs per second over one socket, against redis-benchmark in the same run.") { depth, callers, sets, rounds, bytes, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Load(parsed.GetValue(depth), parsed.GetValue(callers), parsed.GetValue(sets), parsed.GetValue(bytes)),
            parsed.GetValue(rounds), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Load load, int rounds, bool json, CancellationToken cancellationToken)
    {
        await using var server = await RedisServer.StartAsync();
        using var metrics = new RedisMetrics();
        await using var connection = new RedisConnection(
            new RedisOptions { Endpoint = server.Endpoint, CommandTimeoutSeconds = 30, QueueCommands = int.MaxValue / 1_000 },
            metrics, TimeProvider.System, new Random(1), NullLogger.Instance);
        await connection.WaitUntilReadyAsync(cancellationToken);
        var (ours, theirs, flushes) = (new List<double>(), new List<double>(), new List<double>());
        await SetAsync(connection, load with { Sets = load.Sets / 10 }, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await RedisBenchmarkAsync(server.Port, load, cancellationToken));
            ours.Add(await SetAsync(connection, load, cancellationToken));
            flushes.Add(await FlushDocumentsAsync(new RedisServingCache(connection), cancellationToken));
        }

        // As many commands under way, each from a caller of its own: what a gateway's requests do.
        var single = await SetAsync(
            connection, load with { Depth = 1, Callers = load.Depth * load.Callers, Sets = load.Sets / 4 }, cancellationToken);
        var (set, reference) = (Median(ours), Median(theirs));
        BenchReport.Print(
            new
            {
                SetsPerSecond = Math.Round(set),
                RedisBenchmarkSetsPerSecond = Math.Round(reference),
                Ratio = Math.Round(set / reference, 3),
                SingleSetsPerSecond = Math.Round(single),
                load.Depth,
                load.Callers,
                load.Sets,
                load.Bytes,
                Rounds = rounds,
                DocumentsPerSecond = Math.Round(Median(flushes)),
                DocumentBytes,
            },
            json);
        return set >= SetsPerSecondGoal && set / reference >= RatioGoal ? 0 : 1;
    }

    /// <summary>Each caller sends its next commands when the last ones are answered, as redis-benchmark's clients do.</summary>
    private static async Task<double> SetAsync(RedisConnection connection, Load load, CancellationToken cancellationToken)
    {
        var value = new byte[load.Bytes];
        value.AsSpan().Fill((byte)'x');
        var batches = load.Sets / load.Depth;
        var next = -1;
        var clock = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, load.Callers).Select(caller => Task.Run(
            async () =>
            {
                var random = new Random(caller);
                var key = new byte["key:000000000000".Length];
                while (Interlocked.Increment(ref next) < batches)
                {
                    using var commands = new RespWriter(load.Depth * (64 + load.Bytes));
                    for (var i = 0; i < load.Depth; i++)
                    {
                        Encoding.ASCII.GetBytes("key:", key);
                        random.Next(Keys).TryFormat(key.AsSpan(4), out _, "D12", CultureInfo.InvariantCulture);
                        commands.Command("SET"u8, 2).Argument(key).Argument(value);
                    }

                    var replies = await connection.SendAsync(commands, keepReplies: false, cancellationToken);
                    if (replies.FirstError is { } error)
                    {
                        throw error;
                    }
                }
            },
            cancellationToken)));
        return batches * load.Depth / Stopwatch.GetElapsedTime(clock).TotalSeconds;
    }

    /// <summary>What the product does: flushes of a thousand documents with a time to live, one after the other.</summary>
    private static async Task<double> FlushDocumentsAsync(RedisServingCache cache, CancellationToken cancellationToken)
    {
        const int flushes = 20;
        const int documents = 1_000;
        var json = new byte[DocumentBytes];
        ServingDocument[] flush = [.. Enumerable.Range(0, documents).Select(i =>
            new ServingDocument(string.Create(CultureInfo.InvariantCulture, $"recommendations:user_{i:000000}"), json, TimeSpan.FromHours(1)))];
        var clock = Stopwatch.GetTimestamp();
        for (var i = 0; i < flushes; i++)
        {
            await cache.WriteAsync(new ServingWrites { Documents = flush }, cancellationToken);
        }

        return flushes * documents / Stopwatch.GetElapsedTime(clock).TotalSeconds;
    }

    private static async Task<double> RedisBenchmarkAsync(int port, Load load, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "redis-benchmark",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -t set -P {load.Depth} -c {load.Callers} -n {load.Sets} -r {Keys} -d {load.Bytes} --csv"))
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("\"SET\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"redis-benchmark ended with {process.ExitCode} and said: {output}");
        return double.Parse(line.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }

    private static double Median(List<double> values) => BenchReport.Percentile([.. values.Order()], 0.5);

    private sealed record Load(int Depth, int Callers, int Sets, int Bytes);
}
