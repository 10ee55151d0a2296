using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Searching;

/// <summary>What shoppers search for. Section "PopularQueries".</summary>
public sealed class PopularQueriesOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "PopularQueries";

    /// <summary>The group that reads the log for it.</summary>
    [Required]
    public string Group { get; set; } = "reco-queries";

    /// <summary>How often each partition is reported.</summary>
    [Range(0.05, 300)]
    public double ReportIntervalSeconds { get; set; } = 2;

    /// <summary>Queries of each pane that are reported.</summary>
    [Range(10, 10_000)]
    public int QueriesReported { get; set; } = 500;

    /// <summary>Records read at a time.</summary>
    [Range(1, 65_536)]
    public int BatchRecordsMax { get; set; } = 8_192;

    /// <summary>How often a partition is read, unless so much is there: what is counted is seen at the next report.</summary>
    internal TimeSpan ReadInterval => TimeSpan.FromSeconds(ReportIntervalSeconds / 4);
}
