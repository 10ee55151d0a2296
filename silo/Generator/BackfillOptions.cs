using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Generator;

/// <summary>The past that the built-in generator gives a new shop, so that it does not start empty. Section "Backfill".</summary>
public sealed class BackfillOptions
{
    public const string Section = "Backfill";

    /// <summary>Events of it; 0 for none. Made once for a data folder, and only when the generator is on.</summary>
    [Range(0, 1_000_000)]
    public int Events { get; set; } = 200_000;

    /// <summary>How far back it reaches, spread as the load curve has it.</summary>
    [Range(1.0, 24 * 365)]
    public double HoursBack { get; set; } = 72;
}
