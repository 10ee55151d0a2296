using System.Text.Json;

namespace Reco.Bench.System;

/// <summary>Prints what a benchmark found: one JSON object, or lines for a person.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Print<T>(T result, bool json)
        where T : class
    {
        var text = JsonSerializer.Serialize(result, Json);
        if (json)
        {
            Console.WriteLine(text);
            return;
        }

        using var document = JsonDocument.Parse(text);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            Console.WriteLine($"{property.Name,-32} {property.Value}");
        }
    }

    /// <summary>The value below which this share of the sorted values lies (nearest rank).</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
