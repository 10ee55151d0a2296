using System.CommandLine;

namespace Reco.Bench.System;

/// <summary>Options that all benchmarks share.</summary>
internal static class BenchOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object and nothing else." };

    public static Option<int> Count(string name, string what, int initial, int least)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => initial, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{name} must be at least {least}");
            }
        });
        return option;
    }
}
