namespace Reco.Workload.Purchases.Parsing;

/// <summary>Whole rows of the file, as bytes, and where they stand in it.</summary>
internal sealed class TextBlock
{
    /// <summary>The rows; behind <see cref="Length"/> the beginning of the next block's first row.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Bytes of whole rows.</summary>
    public int Length { get; set; }

    /// <summary>Number of the first row among the data rows, from 1.</summary>
    public long FirstRow { get; set; }

    /// <summary>Line of the file that the block begins on, from 1.</summary>
    public long FirstLine { get; set; }

    public ReadOnlySpan<byte> Rows => Bytes.AsSpan(0, Length);
}
