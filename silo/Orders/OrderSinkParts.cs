using Reco.Core.Ports;

namespace Reco.Silo.Orders;

/// <summary>What the workers of the sink share.</summary>
/// <param name="Store">Where orders go.</param>
/// <param name="DeadLetters">Where purchases go that the store refuses.</param>
/// <param name="Writes">Turns at the store.</param>
/// <param name="Options">The sink's.</param>
/// <param name="Metrics">The sink's.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The sink's.</param>
internal sealed record OrderSinkParts(
    IOrderStore Store,
    IDeadLetterLog DeadLetters,
    SemaphoreSlim Writes,
    OrderSinkOptions Options,
    OrderMetrics Metrics,
    TimeProvider Time,
    ILogger Logger);
