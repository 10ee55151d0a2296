using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>
/// Reads the file block by block and parses several blocks at a time. Batches come in file order whichever block is done first, so the
/// output does not depend on the number of workers. At most two blocks a worker are in memory, however large the file is.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="workers">Blocks that are parsed at the same time.</param>
/// <param name="limit">At most so many messages; null for all.</param>
/// <param name="blockBytes">Size of a block; tests make it small.</param>
public sealed class BlockPurchaseSource(RetailFile file, int workers, long? limit = null, int blockBytes = BlockReader.BlockBytes) : IPurchaseSource
{
    private readonly ConcurrentBag<PurchaseBlock> _blocks = [];
    private readonly ConcurrentBag<BlockParser> _parsers = [];
    private readonly KnownDescriptions _known = new();
    private readonly byte[] _eventIdPrefix = Encoding.ASCII.GetBytes(RetailEvents.IdPrefix(file));

    public PurchaseTally Tally { get; } = new();

    public async IAsyncEnumerable<PurchaseBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new BlockReader(file, blockBytes);
        var columns = reader.ReadHeader();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parsed = Channel.CreateBounded<Task<PurchaseBlock>>(
            new BoundedChannelOptions(Math.Max(1, workers)) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadBlocksAsync(reader, columns, parsed.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var pending in parsed.Reader.ReadAllAsync(cancellationToken))
            {
                var block = await pending;
                if (Finish(block, columns))
                {
                    yield return block.Batch;
                }

                _blocks.Add(block);
                if (Tally.Kept >= limit)
                {
                    break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task ReadBlocksAsync(
        BlockReader reader, RetailColumns columns, ChannelWriter<Task<PurchaseBlock>> parsed, CancellationToken cancellationToken)
    {
        Exception? fault = null;
        Task last = Task.CompletedTask;
        try
        {
            while (true)
            {
                var block = _blocks.TryTake(out var used) ? used : new PurchaseBlock(_eventIdPrefix);
                if (!reader.Next(block.Text))
                {
                    break;
                }

                var parsing = Task.Run(() => Parse(block, columns, long.MaxValue), CancellationToken.None);
                last = Task.WhenAll(last, parsing);
                await parsed.WriteAsync(parsing, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever enumerates has had enough; what is being parsed ends before its blocks are let go.
            await last;
        }
        catch (Exception broken)
        {
            fault = broken;
        }

        parsed.Complete(fault);
    }

    private PurchaseBlock Parse(PurchaseBlock block, RetailColumns columns, long messagesMax)
    {
        if (!_parsers.TryTake(out var parser))
        {
            parser = new BlockParser(file, columns);
        }

        parser.Parse(block, messagesMax);
        _parsers.Add(parser);
        return block;
    }

    /// <summary>What needs the rows before: the limit, and descriptions that an earlier block knows.</summary>
    private bool Finish(PurchaseBlock block, RetailColumns columns)
    {
        if (limit - Tally.Kept < block.Batch.Count)
        {
            Parse(block, columns, limit!.Value - Tally.Kept);
        }

        _known.Fill(block);
        Tally.Add(block.Tally);
        return block.Batch.Count > 0;
    }
}
