namespace Reco.Core.Trending;

/// <summary>Keeps the best of what is offered: by score, ties in ordinal order of the ids.</summary>
internal sealed class TopRanking
{
    private readonly int _limit;
    private readonly double _scoreMin;
    private readonly Predicate<string>? _filter;
    private readonly PriorityQueue<RankedId, RankedId> _worstFirst;

    public TopRanking(int limit, double scoreMin, Predicate<string>? filter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
        _scoreMin = scoreMin;
        _filter = filter;
        _worstFirst = new PriorityQueue<RankedId, RankedId>(WorstFirst);
    }

    private static Comparer<RankedId> WorstFirst { get; } = Comparer<RankedId>.Create(static (a, b) =>
        a.Score.CompareTo(b.Score) is var order and not 0 ? order : string.CompareOrdinal(b.ProductId, a.ProductId));

    public void Offer(string productId, double score)
    {
        if (score < _scoreMin)
        {
            return;
        }

        var offered = new RankedId(productId, score);
        var full = _worstFirst.Count == _limit;
        if ((full && WorstFirst.Compare(offered, _worstFirst.Peek()) <= 0) || (_filter is not null && !_filter(productId)))
        {
            return;
        }

        if (full)
        {
            _worstFirst.DequeueEnqueue(offered, offered);
        }
        else
        {
            _worstFirst.Enqueue(offered, offered);
        }
    }

    public RankedId[] Finish()
    {
        var best = new RankedId[_worstFirst.Count];
        for (var i = best.Length - 1; i >= 0; i--)
        {
            best[i] = _worstFirst.Dequeue();
        }

        return best;
    }
}
