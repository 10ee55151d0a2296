using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>How purchases are consumed. Section <c>Purchases:Consumer</c>.</summary>
public sealed record PurchaseConsumerOptions
{
    /// <summary>Where the section stands in the configuration.</summary>
    public const string Section = "Purchases:Consumer";

    /// <summary>Kafka's brokers, host:port[,host:port].</summary>
    [Required]
    public string BootstrapServers { get; set; } = "127.0.0.1:9092";

    /// <summary>The topic.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,249}$")]
    public string Topic { get; set; } = "purchase-events";

    /// <summary>The consumer group; part of the folder that the state is kept in.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}$")]
    public string Group { get; set; } = "purchases";

    /// <summary>Where aggregates and offsets are kept, one file a partition; the members of a group share it.</summary>
    [Required]
    public string StateFolder { get; set; } = "data/purchases";

    /// <summary>Topic of the shop's events, for purchases that are passed on; null passes none on.</summary>
    [RegularExpression("^[a-zA-Z0-9._-]{1,249}$")]
    public string? ForwardTopic { get; set; }

    /// <summary>
    /// State is saved at the latest after so many messages of this process. What a killed one passes on again is bounded by it, far below the
    /// 100,000 events a partition over which the recommender drops repeated ids.
    /// </summary>
    [Range(1, 100_000)]
    public int SaveEveryMessages { get; set; } = 20_000;

    /// <summary>State is saved at the latest after so many milliseconds.</summary>
    [Range(50, 600_000)]
    public int SaveEveryMs { get; set; } = 5_000;

    /// <summary>A member that is silent for so many milliseconds loses its partitions to the others.</summary>
    [Range(1_000, 300_000)]
    public int SessionTimeoutMs { get; set; } = 10_000;

    /// <summary>Whether to end once everything that is on the topic has been consumed.</summary>
    public bool StopsAtEnd { get; set; }
}

/// <summary>Fields by their attributes.</summary>
public sealed class PurchaseConsumerOptionsValidator : IValidateOptions<PurchaseConsumerOptions>
{
    public ValidateOptionsResult Validate(string? name, PurchaseConsumerOptions options)
    {
        var results = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(results.Select(result => result.ErrorMessage ?? "an option is not valid"));
    }
}
