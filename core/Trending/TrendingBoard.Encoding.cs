using Reco.Core.Windows;

namespace Reco.Core.Trending;

/// <content>The persisted form: the rows in order, times as distances from the row before.</content>
public sealed partial class TrendingBoard
{
    private const byte Version = 1;

    /// <summary>A text's length, a time, three sums, the number of counts, and a decimal of two bytes.</summary>
    private const int RowBytesMin = 1 + 1 + (3 * sizeof(double)) + 1 + 2;

    /// <summary>The state in bytes, about 50 a row.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version, 256 + (64 * Rows.Count));
        writer.Count(Rows.Count);
        var timeMs = 0L;
        foreach (var row in Rows)
        {
            writer.Text(row.ProductId);
            writer.Signed(unchecked(row.ReferenceTimeMs - timeMs));
            timeMs = row.ReferenceTimeMs;
            writer.Double(row.Short);
            writer.Double(row.Long);
            writer.Double(row.Popularity);
            writer.Count(row.Counts.Length);
            foreach (var count in row.Counts)
            {
                writer.Count(count);
            }

            writer.Decimal(row.Revenue);
        }

        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a board.</exception>
    public static TrendingBoard Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "trending board");
        var rows = reader.Length(RowBytesMin);
        var board = new TrendingBoard { Rows = new List<TrendingRow>(rows) };
        var timeMs = 0L;
        for (var i = 0; i < rows; i++)
        {
            var row = ReadRow(ref reader, ref timeMs);
            if (i > 0 && string.CompareOrdinal(board.Rows[i - 1].ProductId, row.ProductId) >= 0)
            {
                reader.Fail("its rows are not in order");
            }

            board.Rows.Add(row);
        }

        reader.End();
        return board;
    }

    private static TrendingRow ReadRow(ref StateReader reader, ref long timeMs)
    {
        var row = new TrendingRow
        {
            ProductId = reader.Text(),
            ReferenceTimeMs = unchecked(timeMs + reader.Signed()),
            Short = reader.Double(),
            Long = reader.Double(),
            Popularity = reader.Double(),
            Counts = new long[reader.Count(WindowShape.KindsMax)],
        };
        timeMs = row.ReferenceTimeMs;
        foreach (ref var count in row.Counts.AsSpan())
        {
            count = reader.Count();
        }

        row.Revenue = reader.Decimal();
        if (row.ProductId.Length == 0)
        {
            reader.Fail("a row names no product");
        }

        return row;
    }
}
