using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>
/// Cuts the decompressed file into blocks of whole rows. A row ends at a line end, inside quotes too (as <see cref="RetailReader"/>
/// has it), so the last line end of what was read is a safe place to cut, and rows can be numbered by counting line ends.
/// </summary>
internal sealed class BlockReader : IDisposable
{
    /// <summary>About 3,000 rows: large enough to hide the hand-over, small enough for a core's second-level cache.</summary>
    public const int BlockBytes = 256 * 1024;

    /// <summary>The bound of <see cref="RetailReader"/>: no purchase line comes near it; it keeps a file without line breaks out of memory.</summary>
    private const int RowBytesMax = 1024 * 1024;

    private readonly RetailFile _file;
    private readonly Stream _content;
    private readonly int _blockBytes;
    private byte[] _carry = [];
    private long _nextRow = 1;
    private long _nextLine = 1;
    private bool _isAtEnd;

    public BlockReader(RetailFile file, int blockBytes = BlockBytes)
    {
        _file = file;
        _blockBytes = blockBytes;
        _content = file.OpenContent();
    }

    /// <summary>Reads the header; to be called once, first.</summary>
    /// <exception cref="RetailFormatException">A column is missing.</exception>
    public RetailColumns ReadHeader()
    {
        var first = new TextBlock();
        var header = new RowFields();
        if (Next(first))
        {
            var skipped = RowCutter.SkipEmptyLines(first.Rows, out var emptyLines);
            var rest = first.Bytes.AsSpan(skipped, first.Length - skipped);
            var end = rest.IndexOf((byte)'\n');
            header.Split(first.Bytes, skipped, RowCutter.WithoutCarriageReturn(end < 0 ? rest : rest[..end]).Length);
            var consumed = skipped + (end < 0 ? rest.Length : end + 1);
            // What is behind the header is read again as rows.
            _carry = [.. first.Bytes.AsSpan(consumed, first.Length - consumed), .. _carry];
            _nextLine = 1 + emptyLines + 1;
        }

        _nextRow = 1;
        return RetailColumns.Find(_file.Path, [.. Enumerable.Range(0, header.Count).Select(i => header.Text(i, _file.Encoding))]);
    }

    /// <summary>Fills the block with the next rows; no at the end of the file.</summary>
    /// <exception cref="RetailFormatException">A row is too long.</exception>
    public bool Next(TextBlock block)
    {
        if (block.Bytes.Length < Math.Max(_blockBytes, _carry.Length))
        {
            block.Bytes = new byte[Math.Max(_blockBytes, _carry.Length)];
        }

        _carry.CopyTo(block.Bytes, 0);
        var filled = _carry.Length;
        block.Length = 0;
        while (block.Length == 0 && !(_isAtEnd && filled == 0))
        {
            filled = Fill(block, filled);
            RowCutter.MakeLineFeeds(block.Bytes.AsSpan(0, filled), _isAtEnd);
            block.Length = _isAtEnd ? filled : block.Bytes.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (block.Length == 0 && !_isAtEnd)
            {
                Grow(block);
            }
        }

        _carry = block.Bytes.AsSpan(block.Length, filled - block.Length).ToArray();
        block.FirstRow = _nextRow;
        block.FirstLine = _nextLine;
        _nextRow += RowCutter.CountRows(block.Rows);
        _nextLine += block.Rows.Count((byte)'\n');
        return block.Length > 0;
    }

    public void Dispose() => _content.Dispose();

    private int Fill(TextBlock block, int filled)
    {
        while (!_isAtEnd && filled < block.Bytes.Length)
        {
            var read = _content.Read(block.Bytes, filled, block.Bytes.Length - filled);
            _isAtEnd = read == 0;
            filled += read;
        }

        return filled;
    }

    private void Grow(TextBlock block)
    {
        if (block.Bytes.Length > RowBytesMax)
        {
            throw new RetailFormatException($"{_file.Path} is no CSV file of purchases: a row is longer than {RowBytesMax} bytes.");
        }

        var larger = new byte[block.Bytes.Length * 2];
        block.Bytes.CopyTo(larger, 0);
        block.Bytes = larger;
    }
}
