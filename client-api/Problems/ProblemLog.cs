using Microsoft.Extensions.Logging;

namespace Reco.ClientApi.Problems;

internal static partial class ProblemLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(ILogger logger, string method, string? path, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Method} {Path} timed out")]
    public static partial void TimedOut(ILogger logger, string method, string? path, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "{Method} {Path} could not be read")]
    public static partial void UnreadableRequest(ILogger logger, string method, string? path, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The event log refused {Events} events")]
    public static partial void EventLogRefused(ILogger logger, int events, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "A live snapshot timed out")]
    public static partial void LiveSnapshotTimedOut(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "{Method} {Path}: no silo answers")]
    public static partial void NoSilo(ILogger logger, string method, string? path, Exception exception);
}
