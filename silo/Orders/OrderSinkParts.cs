using Reco.Core.Ports;
using Reco.Silo.Partitions;

namespace Reco.Silo.Orders;

/// <summary>What the workers of the sink share.</summary>
/// <param name="Writes">Transactions at the store.</param>
/// <param name="DeadLetters">Where purchases go that the store refuses.</param>
/// <param name="Times">When partitions read, so that what they have is written together.</param>
/// <param name="Options">The sink's.</param>
/// <param name="Metrics">The sink's.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The sink's.</param>
internal sealed record OrderSinkParts(
    OrderWrites Writes,
    IDeadLetterLog DeadLetters,
    CommonTimes Times,
    OrderSinkOptions Options,
    OrderMetrics Metrics,
    TimeProvider Time,
    ILogger Logger);
