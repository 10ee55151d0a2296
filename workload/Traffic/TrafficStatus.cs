namespace Reco.Workload.Traffic;

/// <summary>How a run goes.</summary>
/// <param name="Sent">Events that the sink took.</param>
/// <param name="Skipped">Events that were due but given up, because the sink or the machine was too slow.</param>
/// <param name="RatePerSecond">Achieved over the last seconds, events per real second.</param>
/// <param name="WantedPerSecond">What the curve or the fixed rate asks for now.</param>
/// <param name="SimulatedTime">Time that events carry now, UTC.</param>
/// <param name="Lag">Real time less simulated time: above zero while a compressed clock catches up.</param>
public sealed record TrafficStatus(
    long Sent, long Skipped, double RatePerSecond, double WantedPerSecond, DateTimeOffset SimulatedTime, TimeSpan Lag);
