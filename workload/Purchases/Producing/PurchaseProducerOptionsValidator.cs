using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Reco.Workload.Purchases.Producing;

/// <summary>Single fields by their attributes, then what must go together.</summary>
public sealed class PurchaseProducerOptionsValidator : IValidateOptions<PurchaseProducerOptions>
{
    /// <summary>librdkafka's bound for an idempotent producer.</summary>
    private const int IdempotentInFlightMax = 5;

    public ValidateOptionsResult Validate(string? name, PurchaseProducerOptions options)
    {
        var results = new List<ValidationResult>();
        _ = Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var failures = results.Select(result => result.ErrorMessage ?? "an option is not valid").ToList();
        if (options is { IsIdempotent: true, InFlightRequests: > IdempotentInFlightMax })
        {
            failures.Add($"InFlightRequests is {options.InFlightRequests}; with IsIdempotent it must be at most {IdempotentInFlightMax}.");
        }

        if (options.LingerMs >= options.DeliveryTimeoutMs)
        {
            failures.Add($"LingerMs is {options.LingerMs}; it must be less than DeliveryTimeoutMs, {options.DeliveryTimeoutMs}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
