using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Telemetry;

/// <summary>Where telemetry goes besides the console. Section "Otlp".</summary>
public sealed class OtlpOptions : IValidatableObject
{
    public const string Section = "Otlp";

    /// <summary>OTLP/gRPC endpoint such as http://127.0.0.1:4317; empty to export nothing.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>How often the console summary is logged; 0 for never.</summary>
    [Range(0.0, 86_400)]
    public double SummaryIntervalSeconds { get; set; } = 60;

    /// <summary>Whether a configuration asks for export; for what is decided while the host is put together.</summary>
    public static bool IsExported(IConfiguration configuration) => configuration[$"{Section}:{nameof(Endpoint)}"] is { Length: > 0 };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint.Length > 0 && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return new ValidationResult(
                $"Endpoint '{Endpoint}' is not an http or https address such as http://127.0.0.1:4317.", [nameof(Endpoint)]);
        }
    }
}
