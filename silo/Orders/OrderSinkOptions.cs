using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Reco.Silo.Ingest;

namespace Reco.Silo.Orders;

/// <summary>How purchases in the event log become orders. Section "Orders"; it matters when <c>ConnectionStrings:Postgres</c> is set.</summary>
public sealed class OrderSinkOptions : IValidatableObject
{
    public const string Section = "Orders";

    /// <summary>Consumer group; not that of ingest.</summary>
    [Required, MinLength(1)]
    public string Group { get; set; } = "reco-orders";

    /// <summary>
    /// Records of a partition's batch, and purchases of a transaction, which may be of several partitions. Fuller ones cost less a purchase; one
    /// with a bad purchase is split to find it.
    /// </summary>
    [Range(1, 65_536)]
    public int BatchRecordsMax { get; set; } = 8192;

    /// <summary>
    /// How far apart the times are at which the partitions read, all at the same ones, so that batches are fuller and share transactions. A partition
    /// that has a full batch waits for none.
    /// </summary>
    [Range(0, 60_000)]
    public int BatchDelayMilliseconds { get; set; } = 500;

    /// <summary>Transactions under way in this process; what other partitions bring meanwhile shares the next.</summary>
    [Range(1, 64)]
    public int WritesInFlightMax { get; set; } = 2;

    /// <summary>How often offsets are committed. What a crash makes the next start read again adds nothing.</summary>
    [Range(0.1, 300)]
    public double CommitIntervalSeconds { get; set; } = 5;

    /// <summary>How long a stop, or the handing over of a partition, waits for a transaction under way before it is abandoned.</summary>
    [Range(0, 60)]
    public double StopWaitSeconds { get; set; } = 10;

    /// <summary>First wait after a failure; doubles up to <see cref="RetryDelaySecondsMax"/>, the upper half of each drawn.</summary>
    [Range(0.01, 60)]
    public double RetryDelaySeconds { get; set; } = 0.2;

    /// <summary>Longest wait after repeated failures.</summary>
    [Range(0.01, 600)]
    public double RetryDelaySecondsMax { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RetryDelaySecondsMax < RetryDelaySeconds)
        {
            yield return new ValidationResult(
                $"{nameof(RetryDelaySecondsMax)} ({RetryDelaySecondsMax}) must be at least {nameof(RetryDelaySeconds)} ({RetryDelaySeconds}).",
                [nameof(RetryDelaySecondsMax), nameof(RetryDelaySeconds)]);
        }
    }
}

/// <summary>Two readers in one group would share the partitions, and each would miss what the other reads.</summary>
internal sealed class OrderSinkGroupValidator(IOptions<IngestOptions> ingest) : IValidateOptions<OrderSinkOptions>
{
    public ValidateOptionsResult Validate(string? name, OrderSinkOptions options) =>
        options.Group == ingest.Value.Group
            ? ValidateOptionsResult.Fail($"{OrderSinkOptions.Section}:{nameof(options.Group)} must not be that of {IngestOptions.Section} ('{options.Group}').")
            : ValidateOptionsResult.Success;
}
