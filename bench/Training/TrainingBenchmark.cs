using System.CommandLine;
using System.Diagnostics;
using Reco.Bench.System;
using Reco.Core.Catalogue;
using Reco.Core.Training;
using Reco.GrainInterfaces;
using Reco.Workload.Traffic;

namespace Reco.Bench.Training;

/// <summary>A training run as AlsGrain makes it, on generated shoppers: seconds, and how well held-out pairs are ranked.</summary>
internal static class TrainingBenchmark
{
    public static Command Command()
    {
        var json = BenchOptions.Json();
        var events = BenchOptions.Count("--events", "Events to make the rows from.", 1_000_000, 10_000);
        var runs = BenchOptions.Count("--runs", "Runs; the median counts.", 5, 1);
        var command = new Command("training", "Seconds of one training run over generated shoppers, and NDCG@10 and recall@20 on held-out pairs.") { events, runs, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed.GetValue(events), parsed.GetValue(runs), parsed.GetValue(json), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Run(int events, int runs, bool json, CancellationToken cancellationToken)
    {
        var options = new TrainingOptions();
        var rows = Rows(events);
        var seconds = new List<double>();
        TrainingResult? result = null;
        TrainingSet? set = null;
        for (var run = 0; run < runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            set = TrainingSet.From(rows, options, cancellationToken);
            result = ModelTraining.Run(set, published: null, newVersion: 1, options, cancellationToken);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        seconds.Sort();
        BenchReport.Print(
            new
            {
                Seconds = Math.Round(BenchReport.Percentile(seconds, 0.5), 3),
                Runs = runs,
                Users = result!.Users,
                Items = set!.Matrix.Items,
                Interactions = result.Interactions,
                options.Als.Factors,
                options.Als.Iterations,
                HeldOutNdcg10 = Math.Round(result.HeldOut?.Ndcg ?? 0, 4),
                HeldOutRecall20 = Math.Round(result.HeldOut?.Recall ?? 0, 4),
            },
            json);
    }

    private static List<GatheredRow> Rows(int events)
    {
        var shoppers = new ShopperSimulator(SeededCatalogue.Generate(), new ShopperOptions { RunId = "bench" });
        var rows = new Dictionary<string, OrderedDictionary<string, float>>();
        for (var i = 0; i < events; i++)
        {
            var shopEvent = shoppers.Next(i * 100L);
            if (shopEvent.ProductId is { } product)
            {
                if (!rows.TryGetValue(shopEvent.UserId, out var row))
                {
                    rows[shopEvent.UserId] = row = [];
                }

                row[product] = (row.TryGetValue(product, out var weight) ? weight : 0) + EventTypes.Weight(shopEvent.Type);
            }
        }

        return [.. rows.Select(row => new GatheredRow(row.Key, [.. row.Value.Keys], [.. row.Value.Values]))];
    }
}
