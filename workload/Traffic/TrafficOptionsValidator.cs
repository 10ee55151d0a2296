using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Reco.Workload.Traffic;

/// <summary>Ranges, and what spans fields.</summary>
public sealed class TrafficOptionsValidator : IValidateOptions<TrafficOptions>
{
    public ValidateOptionsResult Validate(string? name, TrafficOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var faults = results.ConvertAll(result => result.ErrorMessage!);
        Try(() => options.ClockFactor(), faults);
        Try(options.DailyPromotions, faults);
        if (options.CatchUpMsMax < options.TickMs)
        {
            faults.Add($"CatchUpMsMax ({options.CatchUpMsMax}) must be at least TickMs ({options.TickMs}), or every tick would skip events.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Try<T>(Func<T> read, List<string> faults)
    {
        try
        {
            _ = read();
        }
        catch (FormatException fault)
        {
            faults.Add(fault.Message);
        }
    }
}
