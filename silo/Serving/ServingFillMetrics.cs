using System.Diagnostics.Metrics;

namespace Reco.Silo.Serving;

/// <summary>Meter "Reco.ServingFill": how far filling the cache has come.</summary>
internal sealed class ServingFillMetrics : IDisposable
{
    public const string MeterName = "Reco.ServingFill";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _users;
    private readonly Counter<long> _rankings;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _rebuilds;

    public ServingFillMetrics(UserActivity activity)
    {
        _users = _meter.CreateCounter<long>("reco.serving.fill.users", "{user}", "Users whose documents were computed and written");
        _rankings = _meter.CreateCounter<long>("reco.serving.fill.rankings", "{ranking}", "Rankings written, with their snapshots");
        _failures = _meter.CreateCounter<long>("reco.serving.fill.failures", "{round}", "Rounds that the cache or a grain refused");
        _rebuilds = _meter.CreateCounter<long>("reco.serving.fill.rebuilds", "{rebuild}", "Times all active users became due, by reason");
        _meter.CreateObservableGauge("reco.serving.fill.due", () => activity.Due, "{user}", "Users whose documents are still to be computed");
        _meter.CreateObservableCounter("reco.serving.fill.left_out", () => activity.LeftOut, "{user}", "Times a user found no room among the active ones");
    }

    /// <summary>Users written since the start.</summary>
    public long Users { get; private set; }

    public void WroteUsers(int users)
    {
        Users += users;
        _users.Add(users);
    }

    public void WroteRankings(int rankings) => _rankings.Add(rankings);

    public void Failed() => _failures.Add(1);

    public void Rebuilding(string reason) => _rebuilds.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
