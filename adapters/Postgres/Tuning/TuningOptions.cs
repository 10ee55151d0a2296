using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Reco.Adapters.Postgres.Tuning;

/// <summary>The query-tuning laboratory. Section "Tuning".</summary>
public sealed class TuningOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Tuning";

    /// <summary>Timed runs of each form of a query, after the warm-up.</summary>
    [Range(1, 100)]
    public int Runs { get; set; } = 5;

    /// <summary>Timed runs that are made even when <see cref="MeasureSeconds"/> are over.</summary>
    [Range(1, 100)]
    public int RunsMin { get; set; } = 3;

    /// <summary>No further round of timed runs begins after this.</summary>
    [Range(0.01, 60)]
    public double MeasureSeconds { get; set; } = 5;

    /// <summary>How long one statement may take.</summary>
    [Range(0.05, 60)]
    public double StatementTimeoutSeconds { get; set; } = 10;

    /// <summary>How long a statement may wait for a lock; also how long writers wait for the laboratory's wish to build an index.</summary>
    [Range(0.01, 60)]
    public double LockTimeoutSeconds { get; set; } = 2;

    /// <summary>How long a connection may take to be made.</summary>
    [Range(1, 60)]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>Largest statement of a user.</summary>
    [Range(16, 1 << 20)]
    public int QueryCharactersMax { get; set; } = 10_000;

    /// <summary>Most rows that a user's statement may return.</summary>
    [Range(1, 100_000_000)]
    public long ResultRowsMax { get; set; } = 100_000;

    /// <summary>Most text that the rows of a user's statement may have.</summary>
    [Range(1, 1L << 40)]
    public long ResultBytesMax { get; set; } = 64 << 20;

    /// <summary>work_mem of a user's statement.</summary>
    [Range(1, 4_096)]
    public int WorkMemMegabytes { get; set; } = 16;

    /// <summary>temp_file_limit of a user's statement; takes hold where the main role may set it (a superuser).</summary>
    [Range(1, 1 << 20)]
    public int TempFileMegabytes { get; set; } = 512;

    /// <summary>The role that users' statements run as. Made when it is missing and the main role may make roles.</summary>
    [Required, RegularExpression("^[a-z_][a-z0-9_]{0,62}$")]
    public string ReaderRole { get; set; } = "reco_reader";

    /// <summary>Its password, when somebody else made it. Empty: derived from the main role's password, the same in every process.</summary>
    public string ReaderPassword { get; set; } = "";

    /// <summary>Users' statements at one time; also the size of their own connection pool.</summary>
    [Range(1, 64)]
    public int ReadersMax { get; set; } = 2;

    /// <summary>Requests that may wait for their turn, for experiments and users' statements each; the next one is answered 503.</summary>
    [Range(0, 1_000)]
    public int WaitingMax { get; set; } = 8;

    /// <summary>How long a request waits for its turn before it is answered 503.</summary>
    [Range(0.01, 60)]
    public double WaitSeconds { get; set; } = 10;
}

/// <summary>Checks every option, and what depends on two of them.</summary>
public sealed class TuningOptionsValidator : IValidateOptions<TuningOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TuningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        var faults = found.Select(f => $"{TuningOptions.Section}: {f.ErrorMessage}").ToList();
        if (options.RunsMin > options.Runs)
        {
            faults.Add("Tuning:RunsMin must not be above Tuning:Runs.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
