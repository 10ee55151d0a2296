using System.Diagnostics.Metrics;

namespace Reco.ClientApi.Serving;

/// <summary>Meter "Reco.Serving": how the cache is used.</summary>
public sealed class ServingMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Reco.Serving";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;

    /// <summary>On the host's meters where there are any.</summary>
    public ServingMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _requests = _meter.CreateCounter<long>("reco.serving.requests", "{request}", "GET /recommendations by outcome: hit, or why it was computed");
        _written = _meter.CreateCounter<long>("reco.serving.documents.written", "{document}", "Documents written after a request");
        _dropped = _meter.CreateCounter<long>("reco.serving.documents.dropped", "{document}", "Documents that were not written: queue full, or the cache refused");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Answered(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Written(int documents) => _written.Add(documents);

    internal void Dropped(int documents) => _dropped.Add(documents);
}
