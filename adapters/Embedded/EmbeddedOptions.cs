using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.DeadLetters;
using Reco.Adapters.Embedded.Journal;
using Reco.Adapters.Embedded.State;

namespace Reco.Adapters.Embedded;

/// <summary>Where and how the embedded storage keeps the event log, grain state and dead letters.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Holds the folders journal, state and dead-letters. Of one process at a time.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Partitions of the event log; fixed when it is made.</summary>
    [Range(1, 1_024)]
    public int Partitions { get; set; } = 8;

    /// <summary>The event log.</summary>
    public JournalOptions Journal { get; set; } = new();

    /// <summary>Grain state.</summary>
    public StateStoreOptions State { get; set; } = new();

    /// <summary>Dead letters.</summary>
    public DeadLetterOptions DeadLetters { get; set; } = new();
}

/// <summary>Checks every part of the options, and what depends on two of them.</summary>
internal sealed class EmbeddedOptionsValidator : IValidateOptions<EmbeddedOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedOptions options)
    {
        var faults = new List<string>();
        Check("Embedded", options, faults);
        Check("Embedded:Journal", options.Journal, faults);
        Check("Embedded:State", options.State, faults);
        Check("Embedded:DeadLetters", options.DeadLetters, faults);
        if (options.Journal.RetentionBytes < options.Journal.SegmentBytes)
        {
            faults.Add("Embedded:Journal:RetentionBytes must not be below SegmentBytes: whole segments are dropped.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(string path, object part, List<string> faults)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(part, new ValidationContext(part), found, validateAllProperties: true);
        faults.AddRange(found.Select(f => $"{path}: {f.ErrorMessage}"));
    }
}
