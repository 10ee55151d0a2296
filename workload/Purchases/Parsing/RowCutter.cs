namespace Reco.Workload.Purchases.Parsing;

/// <summary>Line ends and empty lines, as the CSV library has them.</summary>
internal static class RowCutter
{
    /// <summary>
    /// A carriage return alone ends a line too, as old Macs wrote it: it becomes a line feed, so that one search finds every line end.
    /// One at the end of what was read is left until what follows it is known.
    /// </summary>
    public static void MakeLineFeeds(Span<byte> text, bool isAtEnd)
    {
        for (int at; (at = text.IndexOf((byte)'\r')) >= 0; text = text[(at + 1)..])
        {
            var isKnown = at + 1 < text.Length;
            if (isKnown ? text[at + 1] != (byte)'\n' : isAtEnd)
            {
                text[at] = (byte)'\n';
            }
        }
    }

    /// <summary>Rows of a block: its lines without the empty ones. Two searches of the whole block, both vectorised.</summary>
    public static long CountRows(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            return 0;
        }

        var lines = block.Count((byte)'\n') + (block[^1] == (byte)'\n' ? 0 : 1);
        return lines - CountEmptyLines(block);
    }

    public static int SkipEmptyLines(ReadOnlySpan<byte> block, out long lines)
    {
        lines = 0;
        var at = 0;
        while (at < block.Length && IsEmptyLineAt(block, at, out var next))
        {
            at = next;
            lines++;
        }

        return at;
    }

    public static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;

    private static long CountEmptyLines(ReadOnlySpan<byte> block) =>
        (IsEmptyLineAt(block, 0, out _) ? 1 : 0) + CountEmptyLinesBehind(block, "\n\n"u8) + CountEmptyLinesBehind(block, "\n\r"u8);

    /// <summary>Not Span.Count: that one does not see overlapping pairs, of which "\n\n\n" has two.</summary>
    private static long CountEmptyLinesBehind(ReadOnlySpan<byte> block, ReadOnlySpan<byte> pair)
    {
        var count = 0L;
        for (int at; (at = block.IndexOf(pair)) >= 0; block = block[(at + 1)..])
        {
            count += IsEmptyLineAt(block, at + 1, out _) ? 1 : 0;
        }

        return count;
    }

    private static bool IsEmptyLineAt(ReadOnlySpan<byte> block, int at, out int next)
    {
        var rest = block[at..];
        next = rest is [(byte)'\n', ..] ? at + 1
            : rest is [(byte)'\r', (byte)'\n', ..] ? at + 2
            : at;
        return next > at;
    }
}
