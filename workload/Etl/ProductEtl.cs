using Microsoft.Extensions.Logging;
using Reco.Adapters.Postgres.Feed;
using Reco.Core.Ports;

namespace Reco.Workload.Etl;

/// <summary>
/// From PostgreSQL to the search index. A run takes in what changed since the last; where there is no index yet, or on request, it builds a new
/// one aside and lets it take over at once. Every step may be repeated, so a run that was killed is simply run again. One run at a time: a
/// lock in the database sees to it.
/// </summary>
public sealed partial class ProductEtl(
    ShopFeed feed, ISearchIndexBuilder index, EtlOptions options, TimeProvider time, ILogger<ProductEtl> logger, Action<EtlProgress>? progress = null)
{
    /// <summary>For a database server's clock that is set back.</summary>
    internal TimeSpan ClockOverlap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs once.</summary>
    /// <param name="full">Build a new index even though there is one.</param>
    /// <param name="cancellationToken">Cancels; the index that answers searches stays as it is.</param>
    /// <exception cref="EtlException">Another run is under way, or the new index is not what was written.</exception>
    public async Task<EtlReport> RunAsync(bool full, CancellationToken cancellationToken)
    {
        await using var held = await feed.TryLockAsync(cancellationToken)
            ?? throw new EtlException("Another ETL run is filling the index from this database; wait for it to end.");
        var startedAt = time.GetTimestamp();
        var generations = await index.ListAsync(cancellationToken);
        var published = generations.LastOrDefault(generation => generation.IsPublished);
        var known = published is null ? null : EtlState.Parse(published.State);
        var half = await TidyAsync(generations, cancellationToken);
        var report = !full && published is not null && known is { IsComplete: true }
            ? await TakeChangesAsync(published.Name, known, cancellationToken)
            : await BuildAsync(half, cancellationToken);
        return report with { Elapsed = time.GetElapsedTime(startedAt) };
    }

    /// <summary>
    /// Nobody else works on an index that is not published: the newest half-built one may be gone on with, and the others are removed.
    /// </summary>
    private async Task<SearchGeneration?> TidyAsync(IReadOnlyList<SearchGeneration> generations, CancellationToken cancellationToken)
    {
        var half = generations.LastOrDefault(generation => !generation.IsPublished
            && EtlState.Parse(generation.State) is { IsComplete: false } state
            && time.GetUtcNow() - state.BegunAt < TimeSpan.FromHours(options.ResumeHoursMax));
        foreach (var generation in generations.Where(generation => !generation.IsPublished && generation != half))
        {
            LogRemoved(generation.Name);
            await index.DropAsync(generation.Name, cancellationToken);
        }

        return half;
    }

    private async Task<EtlReport> BuildAsync(SearchGeneration? half, CancellationToken cancellationToken)
    {
        EtlState state;
        var resumed = 0L;
        if (half is not null)
        {
            state = EtlState.Parse(half.State)!;
            resumed = await index.CountAsync(half.Name, cancellationToken);
            LogResumed(half.Name, resumed);
        }
        else
        {
            var moment = await feed.MomentAsync(cancellationToken);
            state = new EtlState
            {
                BegunAt = time.GetUtcNow(),
                ReadFrom = Earlier(moment.At, moment.RunningSince) - ClockOverlap,
                PendingTransaction = moment.Transaction,
                PendingAt = moment.At,
            };
            half = await index.CreateAsync(state.ToText(), cancellationToken);
            LogBegun(half.Name);
        }

        var writer = NewWriter("build", half.Name);
        state = await WritePagesAsync(half.Name, state, writer, cancellationToken);

        // What changed while the pages were read; then everything is in it, and it may take over.
        var (changed, removed) = await ApplyChangesAsync(half.Name, state, writer, verify: true, cancellationToken);
        await index.SaveStateAsync(half.Name, (changed with { IsComplete = true, AfterId = null }).ToText(), cancellationToken);
        await index.PublishAsync(half.Name, cancellationToken);
        LogPublished(half.Name, writer.Written);
        foreach (var old in (await index.ListAsync(cancellationToken)).Where(generation => !generation.IsPublished))
        {
            await index.DropAsync(old.Name, cancellationToken);
        }

        return writer.Report(half.Name, isFull: true, removed) with { ResumedAfter = resumed };
    }

    private async Task<EtlState> WritePagesAsync(string generation, EtlState state, EtlWriter writer, CancellationToken cancellationToken)
    {
        for (var batch = 1; ; batch++)
        {
            var page = await feed.PageAsync(state.AfterId, options.BatchProducts, cancellationToken);
            var leftOutBefore = writer.LeftOut;
            await writer.WriteAsync(page, cancellationToken);
            if (page.Count > 0)
            {
                state = state with { AfterId = page[^1].Product.Id, LeftOut = state.LeftOut + writer.LeftOut - leftOutBefore };
            }

            if (page.Count < options.BatchProducts)
            {
                return state;
            }

            if (batch % options.BatchesPerNote == 0)
            {
                await index.SaveStateAsync(generation, state.ToText(), cancellationToken);
            }
        }
    }

    private async Task<EtlReport> TakeChangesAsync(string generation, EtlState state, CancellationToken cancellationToken)
    {
        var writer = NewWriter("changes", generation);
        var (changed, removed) = await ApplyChangesAsync(generation, state, writer, verify: false, cancellationToken);
        await index.SaveStateAsync(generation, changed.ToText(), cancellationToken);
        return writer.Report(generation, isFull: false, removed);
    }

    /// <summary>Takes in, from one snapshot, what was written since <see cref="EtlState.ReadFrom"/>; answers the notes for the next time.</summary>
    private async Task<(EtlState State, long Removed)> ApplyChangesAsync(
        string generation, EtlState state, EtlWriter writer, bool verify, CancellationToken cancellationToken)
    {
        await using var snapshot = await feed.SnapshotAsync(cancellationToken);
        var batch = new List<IndexedProduct>(options.BatchProducts);
        await foreach (var product in snapshot.ProductsAsync(state.ReadFrom, cancellationToken))
        {
            batch.Add(product);
            if (batch.Count == options.BatchProducts)
            {
                await writer.WriteAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        await writer.WriteAsync(batch, cancellationToken);
        var deleted = await snapshot.DeletedAsync(state.ReadFrom, cancellationToken);
        await index.RemoveAsync(generation, [.. deleted, .. writer.Invalid], cancellationToken);
        var count = await index.CountAsync(generation, cancellationToken);
        if (verify)
        {
            await VerifyAsync(generation, snapshot, count, state.LeftOut + writer.LeftOut, cancellationToken);
        }

        // What this snapshot could not see was written after PendingAt, once every transaction up to the pending one has ended.
        var next = state.PendingTransaction >= snapshot.Moment.OldestRunning ? state : state with
        {
            ReadFrom = state.PendingAt - ClockOverlap,
            PendingTransaction = snapshot.Moment.Transaction,
            PendingAt = snapshot.Moment.At,
        };
        return (next, deleted.Count);
    }

    /// <summary>An index that lacks products, or has too many, must not take over.</summary>
    private static async Task VerifyAsync(
        string generation, FeedSnapshot snapshot, long inIndex, long leftOut, CancellationToken cancellationToken)
    {
        var inDatabase = await snapshot.CountAsync(cancellationToken);
        if (inIndex > inDatabase || inIndex < inDatabase - leftOut)
        {
            throw new EtlException(
                $"Index {generation} has {inIndex} products and the database {inDatabase}, of which at most {leftOut} were left out: "
                + "it does not take over. Run again with --full; if that does not help, read the log of Elasticsearch.");
        }
    }

    private EtlWriter NewWriter(string phase, string generation) => new(index, phase, generation, time, logger, progress);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, Message = "Index {Generation} is built from PostgreSQL")]
    private partial void LogBegun(string generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Index {Generation} was built half way: going on after {Products} products")]
    private partial void LogResumed(string generation, long products);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Index {Generation} is a left-over that no search uses: removed")]
    private partial void LogRemoved(string generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Index {Generation} answers the searches now: {Written} products written")]
    private partial void LogPublished(string generation, long written);
}
