using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Etl;

/// <summary>From PostgreSQL to the search index. Section "Etl".</summary>
public sealed class EtlOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Etl";

    /// <summary>How often the running system takes in what changed.</summary>
    [Range(0.1, 86_400)]
    public double IntervalSeconds { get; set; } = 10;

    /// <summary>Products read and written at a time.</summary>
    [Range(1, 50_000)]
    public int BatchProducts { get; set; } = 2_000;

    /// <summary>Batches after which a rebuild notes how far it is. Each note is a change of the cluster's state, which is not cheap.</summary>
    [Range(1, 1_000)]
    public int BatchesPerNote { get; set; } = 5;

    /// <summary>A rebuild that was interrupted is gone on with when it was begun within so long; an older one is begun anew.</summary>
    [Range(0, 8_760)]
    public double ResumeHoursMax { get; set; } = 24;
}
