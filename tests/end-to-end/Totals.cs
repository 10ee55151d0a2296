using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>Compares what the system answers over HTTP with what a file says.</summary>
internal static class Totals
{
    private const int ReadsInFlight = 16;

    /// <summary>Waits until ingest has nothing left to do, then compares every customer and every product.</summary>
    public static async Task AssertExactAsync(Uri address, RetailCounts expected, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        await CaughtUpAsync(http, cancellationToken);
        var wrong = new List<string>();
        var read = 0;
        var paths = expected.ByCustomer.Select(c => (Path: $"/user-stats/{Uri.EscapeDataString(c.Key)}", Count: c.Value))
            .Concat(expected.ByProduct.Select(p => (Path: $"/products/{Uri.EscapeDataString(p.Key)}/stats", Count: p.Value)));
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsInFlight, CancellationToken = cancellationToken },
            async (expectation, token) =>
            {
                var actual = await PurchasesAsync(http, expectation.Path, token);
                Interlocked.Increment(ref read);
                if (actual != expectation.Count)
                {
                    lock (wrong)
                    {
                        wrong.Add($"{expectation.Path}: {actual}, not {expectation.Count}");
                    }
                }
            });

        Assert.Empty(wrong.Take(10));
        Assert.Equal(expected.ByCustomer.Count + expected.ByProduct.Count, read);
    }

    /// <summary>Waits until every partition's lag is 0.</summary>
    public static async Task CaughtUpAsync(HttpClient http, CancellationToken cancellationToken) =>
        await Deadline.Until(
            async () =>
            {
                using var answer = await http.GetAsync("/health/ready", cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                return answer.IsSuccessStatusCode && text.Contains("lag 0\"", StringComparison.Ordinal);
            },
            "ingest catches up with the log",
            TimeSpan.FromMinutes(2));

    /// <summary>Purchases of a user or product; 0 of one that is not known yet.</summary>
    public static async Task<long> PurchasesAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(path, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return 0;
        }

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode ? body.GetProperty("totals").GetProperty("purchase").GetInt64() : throw new HttpRequestException($"{path}: {body}");
    }
}
