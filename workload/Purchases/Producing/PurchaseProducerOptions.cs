using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Purchases.Producing;

/// <summary>How purchases are sent. Section <c>Purchases:Producer</c>; what is not set has the value of the profile.</summary>
public sealed record PurchaseProducerOptions
{
    /// <summary>Where the section stands in the configuration.</summary>
    public const string Section = "Purchases:Producer";

    /// <summary>Kafka's brokers, host:port[,host:port].</summary>
    [Required]
    public string BootstrapServers { get; set; } = "127.0.0.1:9092";

    /// <summary>The topic.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,249}$")]
    public string Topic { get; set; } = "purchase-events";

    /// <summary>Whether messages are sent without waiting for the acknowledgement of the one before. What every other setting needs to have an effect.</summary>
    public bool IsAsynchronous { get; set; }

    /// <summary>Blocks of the file parsed at the same time, from bytes to bytes; 0 reads row by row with the CSV and JSON libraries.</summary>
    [Range(0, 256)]
    public int ParseWorkers { get; set; }

    /// <summary>How long a message may wait for others, in milliseconds; null for the client's default, 5.</summary>
    [Range(0, 900_000)]
    public double? LingerMs { get; set; }

    /// <summary>A batch is sent at the latest with so many bytes, before compression; null for the client's default, 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int? BatchBytes { get; set; }

    /// <summary>A batch is sent at the latest with so many messages; 1 switches batching off; null for the client's default, 10,000.</summary>
    [Range(1, 1_000_000)]
    public int? BatchMessages { get; set; }

    /// <summary>none, lz4, gzip, snappy or zstd.</summary>
    [Required, AllowedValues("none", "lz4", "gzip", "snappy", "zstd")]
    public string Compression { get; set; } = "none";

    /// <summary>Keys and values waiting for an acknowledgement, in KiB: the bound of the memory. Null for the client's default, 1 GiB.</summary>
    [Range(64, 2_097_151)]
    public int? BufferKib { get; set; }

    /// <summary>Requests on the way to a broker at the same time; null for the client's default, 1,000,000 (5 when idempotent).</summary>
    [Range(1, 1_000_000)]
    public int? InFlightRequests { get; set; }

    /// <summary>Whether the broker recognises a batch that is sent again, so that a retry neither duplicates nor reorders.</summary>
    public bool IsIdempotent { get; set; }

    /// <summary>A message that is not acknowledged so long after it was handed over has failed, retries included.</summary>
    [Range(100, 3_600_000)]
    public int DeliveryTimeoutMs { get; set; } = 60_000;
}
