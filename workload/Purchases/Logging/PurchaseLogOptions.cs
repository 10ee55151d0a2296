using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Purchases.Logging;

/// <summary>The log file. Section <c>Logging:File</c>; levels are in <c>Logging:LogLevel</c>, by component.</summary>
public sealed record PurchaseLogOptions
{
    /// <summary>Where the section stands in the configuration.</summary>
    public const string Section = "Logging:File";

    /// <summary>The file; null for none.</summary>
    public string? Path { get; set; }

    /// <summary>A file that would grow beyond so many bytes is closed and a new one begun.</summary>
    [Range(1_024, 1_073_741_824)]
    public long FileBytesMax { get; set; } = 10 * 1024 * 1024;

    /// <summary>Closed files that are kept: name.1 is the youngest.</summary>
    [Range(1, 100)]
    public int ClosedFilesMax { get; set; } = 4;
}
