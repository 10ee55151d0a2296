using Reco.Adapters.Embedded.State;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.State;

/// <summary>Random operations against a dictionary, with compaction going on and the store opened again and again.</summary>
public sealed class StateStoreModelTests : IAsyncDisposable
{
    private const int Keys = 30;

    private readonly StateFixture _fixture = new()
    {
        Options = { SegmentBytes = 4_096, GarbageRatio = 0.3, QueueBytes = 8_192 },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnyOperations_WithReopeningAndCompaction_AgreeWithADictionary(int seed)
    {
        var random = new Random(seed);
        var oracle = new Dictionary<string, byte[]>();
        var compactedFiles = 0;
        for (var round = 0; round < 12; round++)
        {
            var store = _fixture.Open();
            var filesBefore = _fixture.Files;
            for (var burst = 0; burst < 25; burst++)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Apply(store, oracle, random))).Within("a burst is durable");
            }

            compactedFiles += filesBefore.Except(_fixture.Files).Count();
            await AssertSame(store, oracle);
            await AssertSame(await _fixture.ReopenAsync(), oracle);
            Assert.Null(store.CompactionFailure);
        }

        Assert.True(compactedFiles > 3, $"only {compactedFiles} files were compacted");
        var (bytes, liveBytes) = _fixture.Open().Size;
        Assert.Equal(_fixture.Files.Sum(f => new FileInfo(f).Length), bytes);
        Assert.InRange(liveBytes, oracle.Sum(e => e.Key.Length + e.Value.Length + 23), bytes);
    }

    /// <summary>Starts an operation and changes the oracle at once: of two calls the later one wins.</summary>
    private static Task Apply(EmbeddedStateStore store, Dictionary<string, byte[]> oracle, Random random)
    {
        var key = $"key/{random.Next(Keys)}";
        if (random.Next(4) == 0)
        {
            oracle.Remove(key);
            return store.RemoveAsync(key, Cancel).AsTask();
        }

        var value = new byte[random.Next(600)];
        random.NextBytes(value);
        oracle[key] = value;
        return store.WriteAsync(key, value, Cancel).AsTask();
    }

    private static async Task AssertSame(EmbeddedStateStore store, Dictionary<string, byte[]> oracle)
    {
        Assert.Equal(oracle.Keys.Order(StringComparer.Ordinal), store.Keys("").Order(StringComparer.Ordinal));
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal(oracle.GetValueOrDefault($"key/{i}"), await store.ReadAsync($"key/{i}", Cancel));
        }
    }
}
