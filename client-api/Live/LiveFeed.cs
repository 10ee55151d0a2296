using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Problems;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Live;

/// <summary>A snapshot of the shop every second. Clients of one second share one snapshot: a hundred pages ask the grains once.</summary>
internal sealed class LiveFeed(
    IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<LiveFeed> logger)
{
    public const string StatsEvent = "stats";

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A younger snapshot serves the next client too. Below the period: each tick of one client is a new one.</summary>
    private static readonly TimeSpan SharedFor = TimeSpan.FromMilliseconds(900);

    private readonly Lock _gate = new();
    private Task<LiveStats>? _snapshot;
    private long _snapshotAt;

    /// <summary>Until the client goes or the host stops. A snapshot that times out is left out; the next second brings another.</summary>
    public async IAsyncEnumerable<SseItem<LiveStats>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            if (await TrySnapshotAsync(ended.Token) is { } stats)
            {
                yield return new SseItem<LiveStats>(stats, StatsEvent);
            }
        }
        while (await TickAsync(timer, ended.Token));
    }

    private static async ValueTask<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<LiveStats?> TrySnapshotAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Snapshot().WaitAsync(cancellationToken);
        }
        catch (TimeoutException exception)
        {
            ProblemLog.LiveSnapshotTimedOut(logger, exception);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task<LiveStats> Snapshot()
    {
        lock (_gate)
        {
            var stale = _snapshot is null || (_snapshot.IsCompleted && time.GetElapsedTime(_snapshotAt) >= SharedFor);
            if (stale)
            {
                _snapshotAt = time.GetTimestamp();
                _snapshot = TakeAsync();
            }

            return _snapshot!;
        }
    }

    private async Task<LiveStats> TakeAsync()
    {
        var shop = grains.GetGrain<ITrendingGrain>(0);
        var stats = shop.GetShopStatsAsync();
        var trending = shop.GetTopAsync(new TopQuery { Kind = TopKind.Trending, Limit = 10 });
        var model = grains.GetGrain<IAlsGrain>(0).GetStatusAsync();
        await Task.WhenAll(stats, trending, model);
        return new LiveStats
        {
            GeneratedAt = time.GetUtcNow(),
            StreamTime = (await stats).StreamTime,
            Products = (await stats).Products,
            Totals = CountsBody.From((await stats).Totals),
            Revenue = (await stats).Revenue,
            Trending = Array.ConvertAll(await trending, RankedItem.From),
            Model = ModelResponse.From(await model),
        };
    }
}
