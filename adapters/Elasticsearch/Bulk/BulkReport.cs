namespace Reco.Adapters.Elasticsearch.Bulk;

/// <summary>What became of the items of bulk requests.</summary>
public sealed class BulkReport
{
    /// <summary>Refusals that are kept; of more only the number is.</summary>
    public const int RefusalsMax = 100;

    private readonly List<BulkRefusal> _refusals = [];

    /// <summary>Items that were taken.</summary>
    public long Taken { get; internal set; }

    /// <summary>Items sent again because the server was busy.</summary>
    public long Retried { get; internal set; }

    /// <summary>Items that were refused for good.</summary>
    public long Refused { get; private set; }

    /// <summary>The first refusals.</summary>
    public IReadOnlyList<BulkRefusal> Refusals => _refusals;

    /// <summary>Throws when an item was refused, naming the first.</summary>
    /// <exception cref="ElasticsearchException">The others were taken.</exception>
    public void ThrowIfRefused()
    {
        if (Refused > 0)
        {
            throw new ElasticsearchException(
                $"Elasticsearch refused {Refused} of {Refused + Taken} documents, the first {_refusals[0].Id}: {_refusals[0].Reason}",
                (System.Net.HttpStatusCode)_refusals[0].Status);
        }
    }

    internal void Refuse(BulkRefusal refusal)
    {
        Refused++;
        if (_refusals.Count < RefusalsMax)
        {
            _refusals.Add(refusal);
        }
    }

    internal void Add(BulkReport other)
    {
        Taken += other.Taken;
        Retried += other.Retried;
        other._refusals.ForEach(Refuse);
        Refused += other.Refused - other._refusals.Count;
    }
}

/// <summary>A document that was refused for good.</summary>
/// <param name="Id">The document.</param>
/// <param name="Status">HTTP status of the item.</param>
/// <param name="Reason">Why, as Elasticsearch says it.</param>
public sealed record BulkRefusal(string Id, int Status, string Reason);
