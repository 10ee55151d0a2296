using Reco.Bench.System;

namespace Reco.Bench.Cluster;

/// <summary>
/// Recommendations asked for at a steady rate whatever the answers take (an open loop, so that a stall is not hidden by asking less), each
/// timed from when it was due.
/// </summary>
internal sealed class ReadLoad(Uri gateway, double rate, int users) : IDisposable
{
    private const double TickSeconds = 0.005;

    /// <summary>Beyond it requests are given up unsent, and counted as failed.</summary>
    private const int InFlightMax = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Without what a client of one server does not need: it shares the cores with what it measures.</summary>
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 256,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    private readonly List<Read> _reads = [];
    private readonly Lock _gate = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _inFlight;

    /// <summary>Seconds since this began; the times of the reads are on this clock.</summary>
    public double Now => TimeProvider.System.GetElapsedTime(_started).TotalSeconds;

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(1);
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(TickSeconds));
        var sent = 0L;
        var begun = Now;
        var flying = new List<Task>();
        try
        {
            while (await tick.WaitForNextTickAsync(stop))
            {
                for (var due = (long)((Now - begun) * rate); sent < due; sent++)
                {
                    flying.Add(ReadAsync($"/recommendations/user_{random.Next(1, users + 1):000000}?limit=10", begun + (sent / rate)));
                }

                flying.RemoveAll(read => read.IsCompleted);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The way it ends: with what is still under way.
        }

        await Task.WhenAll(flying);
    }

    /// <summary>What was due between two times.</summary>
    public ReadReport Report(double from, double to)
    {
        lock (_gate)
        {
            var inside = _reads.Where(read => read.Due >= from && read.Due < to).ToList();
            var sorted = inside.Where(read => read.Ok).Select(read => read.Milliseconds).Order().ToList();
            return new ReadReport(
                inside.Count,
                inside.Count(read => !read.Ok),
                sorted.Count == 0 ? null : Math.Round(BenchReport.Percentile(sorted, 0.5), 2),
                sorted.Count == 0 ? null : Math.Round(BenchReport.Percentile(sorted, 0.99), 2),
                sorted.Count == 0 ? null : Math.Round(sorted[^1], 1));
        }
    }

    /// <summary>
    /// Seconds from <paramref name="from"/> until 99 of 100 reads that are due in a half second are again answered well and within
    /// <paramref name="milliseconds"/>, for good.
    /// </summary>
    public double RecoveredAfter(double from, double to, double milliseconds)
    {
        const double Span = 0.5;
        lock (_gate)
        {
            return _reads.Where(read => read.Due >= from && read.Due < to)
                .GroupBy(read => (int)((read.Due - from) / Span))
                .Where(span => span.Count(read => !read.Ok || read.Milliseconds > milliseconds) > span.Count() / 100)
                .Select(span => (span.Key + 1) * Span)
                .DefaultIfEmpty(0)
                .Max();
        }
    }

    /// <summary>The 99th percentile of each second's reads in milliseconds; null where that one failed.</summary>
    public IReadOnlyList<double?> BySecond(double from, double to)
    {
        lock (_gate)
        {
            return [.. _reads.Where(read => read.Due >= from && read.Due < to)
                .GroupBy(read => (int)(read.Due - from))
                .OrderBy(second => second.Key)
                .Select(second => BenchReport.Percentile([.. second.Select(read => read.Ok ? read.Milliseconds : double.PositiveInfinity).Order()], 0.99))
                .Select(p99 => double.IsFinite(p99) ? (double?)Math.Round(p99) : null)];
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task ReadAsync(string path, double due)
    {
        var ok = false;
        if (Interlocked.Increment(ref _inFlight) <= InFlightMax)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, path));
                using var answer = await _http.SendAsync(request, patience.Token);
                await answer.Content.ReadAsByteArrayAsync(patience.Token);
                ok = answer.IsSuccessStatusCode;
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                // Counted as failed.
            }
        }

        Interlocked.Decrement(ref _inFlight);
        lock (_gate)
        {
            _reads.Add(new Read(due, (Now - due) * 1_000, ok));
        }
    }

    private readonly record struct Read(double Due, double Milliseconds, bool Ok);
}

/// <summary>Reads of a while; milliseconds of those that were answered.</summary>
internal sealed record ReadReport(int Requests, int Failed, double? Median, double? P99, double? Max);
