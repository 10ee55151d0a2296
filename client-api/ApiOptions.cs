using System.ComponentModel.DataAnnotations;

namespace Reco.ClientApi;

/// <summary>Settings of the gateway, section "Api".</summary>
public sealed class ApiOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Api";

    /// <summary>How long a request may take before it is answered 504; above the 30 s after which a grain call gives up by itself.</summary>
    [Range(1, 600)]
    public int RequestTimeoutSeconds { get; set; } = 35;

    /// <summary>Clients of GET /live at one time; the next one is answered 503.</summary>
    [Range(1, 10_000)]
    public int LiveClientsMax { get; set; } = 100;

    /// <summary>
    /// How much a shopper's taste counts in /search?user_id=: the best match has a relevance of 1, the taste of a product that the model is sure
    /// of is 1 too. 0 leaves the order alone.
    /// </summary>
    [Range(0, 100)]
    public double SearchTasteWeight { get; set; } = 0.5;
}
