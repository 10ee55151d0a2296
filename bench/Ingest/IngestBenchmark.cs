using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded;
using Reco.Bench.System;
using Reco.Silo.Ingest;

namespace Reco.Bench.Ingest;

/// <summary>A full log, and the time until every event of it is in grain state; then every total is compared with a plain fold over the log.</summary>
internal static class IngestBenchmark
{
    public static Command Command()
    {
        var json = BenchOptions.Json();
        var events = BenchOptions.Count("--events", "Events in the log.", 2_000_000, 1000);
        var command = new Command("ingest", "Events per second from the embedded log to grain state, checkpoints included, and whether every total is exact.") { events, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(events), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int events, bool json, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("reco-bench-");
        var fold = await FillAsync(folder, events, cancellationToken);
        await using var host = BenchHost.Create(new Dictionary<string, string?> { ["Generator:Enabled"] = "false" }, folder);
        var ingest = host.App.Services.GetRequiredService<IngestService>();
        var allocated = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        await host.App.StartAsync(cancellationToken);
        while (ingest.AppliedEvents < events)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        await ingest.CheckpointAsync(cancellationToken);
        var wrong = await GrainTotals.CompareAsync(host.App.Services.GetRequiredService<IGrainFactory>(), fold);
        BenchReport.Print(
            new
            {
                EventsPerSecond = Math.Round(events / seconds),
                Exact = wrong.Count == 0 && fold.Events == events,
                Events = events,
                Seconds = Math.Round(seconds, 3),
                SecondsWithLastCheckpoint = Math.Round(clock.Elapsed.TotalSeconds, 3),
                Users = fold.Users.Count,
                Products = fold.Products.Count,
                AllocatedBytesPerEvent = allocated / events,
                Wrong = wrong.Take(5),
            },
            json);
        return wrong.Count == 0 ? 0 : 1;
    }

    private static async Task<PlainFold> FillAsync(DirectoryInfo folder, int events, CancellationToken cancellationToken)
    {
        await using var storage = EmbeddedStorage.Open(
            new EmbeddedOptions { DataFolder = folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance);
        await LogFiller.FillAsync(storage.EventLog, events, cancellationToken);
        return await PlainFold.OfAsync(storage.EventLog, cancellationToken);
    }
}
