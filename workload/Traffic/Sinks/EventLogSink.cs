using Microsoft.Extensions.Logging;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Workload.Http;

namespace Reco.Workload.Traffic.Sinks;

/// <summary>
/// Writes to the event log of this process. When the log cannot take the events now, the same ones are tried again: those that were
/// written already are dropped by their event id.
/// </summary>
public sealed partial class EventLogSink(IEventLog eventLog, RetryOptions retry, TimeProvider time, ILogger<EventLogSink> log) : IEventSink
{
    private readonly RetryDelays _delays = new(retry);

    public async ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken)
    {
        var records = new LogAppend[events.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = new LogAppend(events[i].UserId, ShopEventJson.ToUtf8(events[i]));
        }

        var startedAt = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await eventLog.AppendAsync(records, cancellationToken);
                return;
            }
            catch (EventLogException fault) when (_delays.Next(attempt, time.GetElapsedTime(startedAt)) is { } delay)
            {
                LogRetry(log, records.Length, fault.Message, delay.TotalMilliseconds);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event log did not take {Events} generated events ({Reason}); again in {DelayMs:0} ms")]
    private static partial void LogRetry(ILogger log, int events, string reason, double delayMs);
}
