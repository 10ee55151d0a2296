using System.Globalization;
using System.Net;
using System.Text.Json;
using Reco.Bench.Ingest;
using Reco.GrainInterfaces;

namespace Reco.Bench.Cluster;

/// <summary>Every user's and product's totals, asked through a gateway and held against the fold.</summary>
internal static class ClusterTotals
{
    private const int InFlight = 16;

    /// <summary>Asks until all are exact, for what is still being applied; answers what differs at the end of the time.</summary>
    public static async Task<List<string>> CompareAsync(Uri gateway, PlainFold fold, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var started = TimeProvider.System.GetTimestamp();
        var left = fold.Users.Select(u => ($"user-stats/{u.Key}", u.Value)).Concat(fold.Products.Select(p => ($"products/{p.Key}/stats", p.Value))).ToList();
        while (true)
        {
            var wrong = new List<(string Path, PlainFold.Totals Expected, string Found)>();
            foreach (var some in left.Chunk(InFlight))
            {
                var answers = await Task.WhenAll(some.Select(async one => (one.Item1, one.Value, await DifferenceAsync(http, one.Item1, one.Value, cancellationToken))));
                wrong.AddRange(answers.Where(answer => answer.Item3 is not null)!);
            }

            if (wrong.Count == 0 || TimeProvider.System.GetElapsedTime(started) > patience)
            {
                return [.. wrong.Select(w => $"{w.Path}: {w.Found}, not {string.Join('/', w.Expected.Counts)}")];
            }

            left = [.. wrong.Select(w => (w.Path, w.Expected))];
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<string?> DifferenceAsync(HttpClient http, string path, PlainFold.Totals expected, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(path, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }

        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        var totals = json.RootElement.GetProperty("totals");
        var counts = Enum.GetValues<EventType>().Select(type => totals.GetProperty(type.ToString().ToLowerInvariant()).GetInt64()).ToArray();
        var revenue = json.RootElement.GetProperty("revenue").GetDecimal();
        return counts.SequenceEqual(expected.Counts) && revenue == expected.Revenue ? null : string.Join('/', counts);
    }
}
