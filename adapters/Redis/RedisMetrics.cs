using System.Diagnostics.Metrics;

namespace Reco.Adapters.Redis;

/// <summary>Meter "Reco.Redis".</summary>
public sealed class RedisMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Reco.Redis";

    private readonly Meter _meter;
    private readonly Counter<long> _commands;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _writes;
    private readonly Histogram<double> _seconds;

    /// <summary>On the host's meters where there are any.</summary>
    public RedisMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _commands = _meter.CreateCounter<long>("reco.redis.commands", "{command}", "Commands that were answered");
        _faults = _meter.CreateCounter<long>("reco.redis.faults", "{request}", "Requests without a result, by fault");
        _connects = _meter.CreateCounter<long>("reco.redis.connects", "{connection}", "Connections made, by whether they got ready");
        _writes = _meter.CreateCounter<long>("reco.redis.socket.writes", "{write}", "Writes to the socket: each carries what had come together");
        _seconds = _meter.CreateHistogram<double>("reco.redis.request.duration", "s", "From sending one or more commands to their last reply");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Answered(int commands, TimeSpan took)
    {
        _commands.Add(commands);
        _seconds.Record(took.TotalSeconds);
    }

    internal void Failed(RedisFault fault) => _faults.Add(1, new KeyValuePair<string, object?>("fault", fault));

    internal void Connected(bool ready) => _connects.Add(1, new KeyValuePair<string, object?>("ready", ready));

    internal void Wrote() => _writes.Add(1);

    internal void ObserveQueue(Func<int> commands) =>
        _meter.CreateObservableGauge("reco.redis.queue", commands, "{command}", "Commands that are not answered yet");

    internal void ObserveReady(Func<bool> ready) =>
        _meter.CreateObservableGauge("reco.redis.ready", () => ready() ? 1 : 0, description: "Whether there is a connection that may be used");
}
