using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>What the host says.</summary>
internal static partial class HostLog
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Grain host started: {Classes} grain classes, call time-out {ResponseTimeout}, collection age {CollectionAge}, stop within {StopTimeout}")]
    public static partial void Started(ILogger logger, int classes, TimeSpan responseTimeout, TimeSpan collectionAge, TimeSpan stopTimeout);

    [LoggerMessage(2, LogLevel.Information, "Grain host stops: {Activations} activations to deactivate")]
    public static partial void Stopping(ILogger logger, int activations);

    [LoggerMessage(3, LogLevel.Information, "Grain host stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "Grain host stopped with {Activations} activations that did not deactivate in time; what they had not written is lost")]
    public static partial void StoppedLate(ILogger logger, int activations);

    [LoggerMessage(5, LogLevel.Error, "Activation of {GrainId} failed")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(6, LogLevel.Error, "OnDeactivateAsync of {GrainId} failed ({Reason}); what it had not written is lost")]
    public static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId, DeactivationReasonCode reason);

    [LoggerMessage(7, LogLevel.Error, "Disposing {GrainId} failed")]
    public static partial void DisposeFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(8, LogLevel.Warning, "A timer callback of {GrainId} failed; the timer goes on")]
    public static partial void TimerFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(9, LogLevel.Warning, "{Method} to {GrainId} was not answered within {ResponseTimeout}")]
    public static partial void CallTimedOut(ILogger logger, string method, GrainId grainId, TimeSpan responseTimeout);

    [LoggerMessage(10, LogLevel.Warning, "{Method} to {GrainId} failed after its caller had given up")]
    public static partial void FailedAfterAnswer(ILogger logger, Exception exception, string method, GrainId grainId);

    [LoggerMessage(11, LogLevel.Error, "{Operation} of state {State} of {GrainId} failed")]
    public static partial void StorageFailed(ILogger logger, Exception exception, string operation, string state, GrainId grainId);

    [LoggerMessage(12, LogLevel.Debug, "Collecting {Activations} idle activations")]
    public static partial void Collecting(ILogger logger, int activations);
}
