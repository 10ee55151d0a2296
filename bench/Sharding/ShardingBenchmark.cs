using System.CommandLine;
using System.Globalization;
using Reco.Bench.System;
using Reco.Core.Training.Sharding;

namespace Reco.Bench.Sharding;

/// <summary>How many bytes one training sweep would move between silos, counted on drawn pairs: docs/training-at-scale.md.</summary>
internal static class ShardingBenchmark
{
    private const double BytesPerSecond = 10e9 / 8;

    public static Command Command()
    {
        var json = BenchOptions.Json();
        var interactions = BenchOptions.Count("--interactions", "User-item pairs.", 100_000_000, 1_000);
        var items = BenchOptions.Count("--items", "Items.", 200_000, 10);
        var perUser = BenchOptions.Count("--pairs-per-user", "Pairs of a user, on average.", 20, 1);
        var factors = BenchOptions.Count("--factors", "Factors of a row.", 64, 1);
        var steps = BenchOptions.Count("--steps", "Steps of conjugate gradient, where a scheme has them.", 3, 1);
        var seed = BenchOptions.Count("--seed", "Which pairs are drawn.", 1, 0);
        var silos = new Option<int[]>("--silos")
        {
            Description = $"Numbers of silos, up to {SiloGrid.SilosMax}.",
            DefaultValueFactory = _ => [1, 4, 16],
            CustomParser = result => Numbers(result.Tokens[0].Value, result.AddError),
            HelpName = "N,N,...",
        };
        var command = new Command("sharding", "Bytes that one training sweep moves between silos, for each way to spread it.")
        {
            interactions, items, perUser, factors, steps, seed, silos, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var shop = new SkewedShop(parsed.GetValue(items), parsed.GetValue(perUser), (ulong)parsed.GetValue(seed));
            var run = new ShardingRun(shop, parsed.GetValue(items), parsed.GetValue(silos)!);
            run.Draw(parsed.GetValue(interactions), cancellationToken);
            Print(run, new SweepTraffic(parsed.GetValue(factors), parsed.GetValue(steps)), parsed.GetValue(json));
            return Task.FromResult(0);
        });
        return command;
    }

    internal static IEnumerable<ShardingRow> Rows(ShardingRun run, SweepTraffic traffic) =>
        from counts in run.Counts()
        from scheme in Enum.GetValues<ShardingScheme>()
        let received = traffic.ReceivedBySilo(scheme, counts.ByUser, counts.ByItem, counts.Blocks)
        select new ShardingRow
        {
            Silos = received.Length,
            Scheme = scheme.ToString(),
            Exact = scheme is ShardingScheme.PulledRows or ShardingScheme.ReducedSystems or ShardingScheme.BlockSystems,
            BytesPerSweep = received.Sum(),
            BytesIntoBusiestSilo = received.Max(),
            SecondsAtTenGigabit = Math.Round(received.Max() / BytesPerSecond, 2),
            PairsImbalance = Math.Round(
                scheme switch
                {
                    ShardingScheme.PulledRows => Math.Max(Imbalance(counts.ByUser), Imbalance(counts.ByItem)),
                    ShardingScheme.BlockSystems or ShardingScheme.BlockProducts => Imbalance(counts.Blocks),
                    _ => Imbalance(counts.ByUser),
                },
                3),
        };

    private static double Imbalance(RowNeedCounts counts) => counts.Pairs.Max() / counts.Pairs.Average();

    private static void Print(ShardingRun run, SweepTraffic traffic, bool json)
    {
        var rows = Rows(run, traffic).ToList();
        if (json)
        {
            BenchReport.Print(
                new { run.Interactions, run.Users, run.Items, run.TopTenthOfPairs, traffic.RowBytes, traffic.SystemBytes, traffic.GramianBytes, Rows = rows }, json);
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Interactions:N0} pairs of {run.Users:N0} users and {run.Items:N0} items; the top tenth of the items has {run.TopTenthOfPairs:P0} of them\n"));
        Console.WriteLine("| silos | scheme | exact | GB a sweep | GB into the busiest silo | s at 10 Gbit/s | pairs, most / average |");
        Console.WriteLine("|---:|---|---|---:|---:|---:|---:|");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Silos} | {row.Scheme} | {(row.Exact ? "yes" : "no")} | {row.BytesPerSweep / 1e9:0.00} | {row.BytesIntoBusiestSilo / 1e9:0.00} | {row.SecondsAtTenGigabit:0.00} | {row.PairsImbalance:0.00} |"));
        }
    }

    private static int[] Numbers(string text, Action<string> fault)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > SiloGrid.SilosMax)
            {
                fault($"--silos takes numbers from 1 to {SiloGrid.SilosMax} with commas between them, such as 1,4,16; it is '{text}'");
                return [];
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
