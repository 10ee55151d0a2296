using System.Numerics;

namespace Reco.Core.Profiles;

/// <summary>What a user did with one product.</summary>
public struct HistoryEntry
{
    /// <summary>The product.</summary>
    public string ProductId { get; set; }

    /// <summary>Sum of the weights of the events, above 0.</summary>
    public float Weight { get; set; }

    /// <summary>Number of events.</summary>
    public int Events { get; set; }

    /// <summary>Time of the newest event, milliseconds since the Unix epoch.</summary>
    public long LastEventMs { get; set; }

    /// <summary>Bit k is set when an event of kind k was seen.</summary>
    public uint Kinds { get; set; }

    /// <summary>The greatest kind seen: the strongest one, as kinds with a product are numbered by rising weight.</summary>
    public readonly int StrongestKind => BitOperations.Log2(Kinds);
}

/// <summary>A history as a row for training: parallel arrays, each product once.</summary>
/// <param name="ProductIds">The products.</param>
/// <param name="Weights">The summed weights, above 0.</param>
public readonly record struct HistoryRow(string[] ProductIds, float[] Weights);
