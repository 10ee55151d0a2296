using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Silo.Searching;

/// <summary>
/// Search in Elasticsearch, and in the embedded index while Elasticsearch does not answer, has no index yet, or lacks changes. The embedded
/// index is always kept: it holds what this process's catalogue holds. When Elasticsearch is away it is left alone for a few seconds, so that not
/// every search waits for the same time-out.
/// </summary>
internal sealed partial class FallbackSearch(
    EmbeddedSearchIndex embedded,
    ISearchIndex elasticsearch,
    SearchFilling filling,
    TimeProvider time,
    ILogger<FallbackSearch> logger) : ISearchIndex
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long _skipped;
    private bool _isBehind = filling == SearchFilling.ByCatalogue;
    private long _pausedUntilTicks;
    private volatile string? _problem;

    /// <summary>Why searches are answered by the embedded index; null when they are not.</summary>
    public string? Problem => _problem ?? (IsBehind ? "Elasticsearch is being filled from the catalogue" : null);

    /// <summary>Elasticsearch lacks changes of the catalogue.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _isBehind;
            }
        }
    }

    /// <summary>Changes that Elasticsearch was not told of so far: to be asked before it is filled anew.</summary>
    public long Skipped
    {
        get
        {
            lock (_gate)
            {
                return _skipped;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (!IsBehind && time.GetUtcNow().UtcTicks >= Volatile.Read(ref _pausedUntilTicks))
        {
            try
            {
                var answer = await elasticsearch.SearchAsync(query, cancellationToken);
                Recovered();
                return answer;
            }
            catch (ElasticsearchException failure)
            {
                Failed(failure);
            }
        }

        return await embedded.SearchAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        await embedded.UpsertAsync(products, cancellationToken);
        await TellAsync(() => elasticsearch.UpsertAsync(products, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(IReadOnlyList<string> productIds, CancellationToken cancellationToken)
    {
        await embedded.RemoveAsync(productIds, cancellationToken);
        await TellAsync(() => elasticsearch.RemoveAsync(productIds, cancellationToken));
    }

    /// <summary>Elasticsearch holds everything up to this number of skipped changes; false when more were skipped meanwhile.</summary>
    public bool CaughtUp(long skipped)
    {
        lock (_gate)
        {
            _isBehind = _skipped != skipped;
            return !_isBehind;
        }
    }

    private async Task TellAsync(Func<ValueTask> change)
    {
        // With PostgreSQL the ETL tells it, from the database.
        if (filling == SearchFilling.ByEtl || SkipWhileBehind())
        {
            return;
        }

        try
        {
            await change();
        }
        catch (ElasticsearchException failure)
        {
            Failed(failure);
            lock (_gate)
            {
                _isBehind = true;
                _skipped++;
            }
        }
    }

    private bool SkipWhileBehind()
    {
        lock (_gate)
        {
            _skipped += _isBehind ? 1 : 0;
            return _isBehind;
        }
    }

    private void Failed(ElasticsearchException failure)
    {
        if (failure.IsTransient)
        {
            // What is refused at once costs no time, and may be this one search's fault.
            Volatile.Write(ref _pausedUntilTicks, (time.GetUtcNow() + Pause).UtcTicks);
        }

        if (_problem is null)
        {
            LogAway(failure.Message);
        }

        _problem = failure.Message;
    }

    private void Recovered()
    {
        if (_problem is not null)
        {
            _problem = null;
            LogBack();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searches go on in the embedded index: {Problem}")]
    private partial void LogAway(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Searches are answered by Elasticsearch again")]
    private partial void LogBack();
}

/// <summary>Who writes to Elasticsearch.</summary>
internal enum SearchFilling
{
    /// <summary>The catalogue of this process.</summary>
    ByCatalogue,

    /// <summary>The ETL, from PostgreSQL.</summary>
    ByEtl,
}
