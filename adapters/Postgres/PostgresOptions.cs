using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Reco.Adapters.Postgres;

/// <summary>The shop's records in PostgreSQL. Section "Postgres"; switched on by <c>ConnectionStrings:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Postgres";

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionStringName = "Postgres";

    /// <summary>From <c>ConnectionStrings:Postgres</c>, not from the section. What it says of the settings below is overruled by them.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>What the server's administrator sees in pg_stat_activity.</summary>
    [Required, StringLength(63)]
    public string ApplicationName { get; set; } = "reco";

    /// <summary>Most connections of this process.</summary>
    [Range(2, 1_000)]
    public int PoolSize { get; set; } = 20;

    /// <summary>How long a connection may take to be made.</summary>
    [Range(1, 300)]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>How long a statement may take, where its caller does not say otherwise.</summary>
    [Range(1, 3_600)]
    public int CommandTimeoutSeconds { get; set; } = 30;

    /// <summary>A connection that is silent for so long is asked whether it still lives; 0 for never.</summary>
    [Range(0, 3_600)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <summary>How often the catalogue is asked for changes.</summary>
    [Range(0.05, 3_600)]
    public double CataloguePollSeconds { get; set; } = 1;

    /// <summary>
    /// How often all of the catalogue is read instead: finds what a restore, replication or a disabled trigger did behind updated_at's back.
    /// </summary>
    [Range(0.1, 1_440)]
    public double CatalogueFullReadMinutes { get; set; } = 10;

    /// <summary>While PostgreSQL is away it is tried again after 0.2 s, then after twice as long each time, up to this.</summary>
    [Range(0.2, 300)]
    public double RetrySecondsMax { get; set; } = 5;
}

/// <summary>Checks every option, and that the connection string can be read.</summary>
public sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        var faults = found.Select(f => $"{PostgresOptions.Section}: {f.ErrorMessage}").ToList();
        if (ConnectionFault(options.ConnectionString) is { } fault)
        {
            faults.Add($"ConnectionStrings:{PostgresOptions.ConnectionStringName} {fault}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>What is wrong with a connection string, without repeating it: it may hold a password.</summary>
    internal static string? ConnectionFault(string text)
    {
        const string example = "it should look like 'Host=localhost;Username=reco;Password=...;Database=reco'";
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"is empty; {example}";
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrWhiteSpace(parsed.Host) ? $"has no Host; {example}"
                : string.IsNullOrWhiteSpace(parsed.Database) ? $"has no Database; {example}"
                : null;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return $"cannot be read; {example}";
        }
    }
}
