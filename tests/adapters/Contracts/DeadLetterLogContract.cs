using System.Text;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every dead-letter log does. A test gets an empty log of its own.</summary>
public abstract class DeadLetterLogContract : IAsyncDisposable
{
    protected abstract Task<IDeadLetterLog> LogAsync();

    /// <summary>As if the process had been stopped and started.</summary>
    protected abstract Task<IDeadLetterLog> RestartAsync();

    public abstract ValueTask DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<List<(int Partition, long Offset, string Reason, string ValueHex)>> AllAsync(IDeadLetterLog log)
    {
        var all = new List<(int, long, string, string)>();
        await foreach (var letter in log.ReadAllAsync(Cancel))
        {
            all.Add((letter.Partition, letter.Offset, letter.Reason, Convert.ToHexString(letter.Value.Span)));
        }

        return all;
    }

    [Fact]
    public async Task AppendAsync_AnyBytes_AreReadBackInOrderBeforeAndAfterRestart()
    {
        DeadLetter[] letters =
        [
            new(0, 5, "event_id: missing", Encoding.UTF8.GetBytes("{\"a\":\"ü \\u0000 <\"}\n")),
            new(3, 5, "not JSON", new byte[] { 0xFF, 0x00, 0xC0, 0x80 }),
            new(0, 4, "empty", ReadOnlyMemory<byte>.Empty),
        ];
        var log = await LogAsync();
        foreach (var letter in letters)
        {
            await log.AppendAsync(letter, Cancel);
        }

        var expected = letters.Select(l => (l.Partition, l.Offset, l.Reason, Convert.ToHexString(l.Value.Span))).ToList();
        Assert.Equal(expected, await AllAsync(log));
        Assert.Equal(expected, await AllAsync(await RestartAsync()));
    }

    [Fact]
    public async Task AppendAsync_SamePlaceAgain_IsKeptOnceEvenAcrossRestart()
    {
        var log = await LogAsync();
        var letter = new DeadLetter(1, 7, "first", new byte[] { 1 });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => log.AppendAsync(letter, Cancel).AsTask()));
        log = await RestartAsync();
        await log.AppendAsync(letter with { Reason = "again" }, Cancel);
        await log.AppendAsync(letter with { Offset = 8 }, Cancel);
        Assert.Equal([(1, 7L, "first", "01"), (1, 8L, "first", "01")], await AllAsync(log));
    }

    [Fact]
    public async Task ReadAllAsync_NothingKept_IsEmpty() => Assert.Empty(await AllAsync(await LogAsync()));
}
