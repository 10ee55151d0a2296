using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded.DeadLetters;
using Reco.Adapters.Embedded.Storage;
using Reco.Adapters.Tests.Contracts;
using Reco.Adapters.Tests.Embedded.Storage;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.DeadLetters;

public sealed class EmbeddedDeadLetterLogTests : DeadLetterLogContract
{
    private readonly TempFolder _temp = new();
    private readonly StorageMetrics _metrics = new();
    private readonly FaultyDevice _device = new();
    private EmbeddedDeadLetterLog? _log;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EmbeddedDeadLetterLog Log => _log ??= EmbeddedDeadLetterLog.Open(
        _temp.Path, new DeadLetterOptions { SegmentBytes = 200 }, _device, new ManualTimeProvider(), _metrics, NullLogger.Instance);

    public override async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        _metrics.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task AppendAsync_TextValue_CanBeReadInTheFile()
    {
        await Log.AppendAsync(new DeadLetter(2, 9, "user_id: empty", "{\"user_id\":\"\"}"u8.ToArray()), Cancel);
        var file = Directory.GetFiles(_temp.Path, "*.log").Single();
        var text = await File.ReadAllTextAsync(file, Cancel);
        Assert.Contains("{\"kept_at\":\"2026-01-05T12:00:00.000Z\",\"partition\":2,\"offset\":9,\"reason\":\"user_id: empty\"", text);
    }

    [Fact]
    public async Task AppendAsync_DiskFull_FailsAndIsTakenAfterReopening()
    {
        var letter = new DeadLetter(0, 1, "bad", new byte[] { 1 });
        var log = Log;
        _device.OnWrite = (_, _) => 3;
        await Assert.ThrowsAsync<StorageException>(async () => await log.AppendAsync(letter, Cancel));
        await Assert.ThrowsAsync<StorageException>(async () => await log.AppendAsync(letter, Cancel));
        _device.OnWrite = (_, bytes) => bytes;
        var again = await RestartAsync();
        await again.AppendAsync(letter, Cancel);
        Assert.Equal(1, await again.ReadAllAsync(Cancel).CountAsync(Cancel));
    }

    protected override Task<IDeadLetterLog> LogAsync() => Task.FromResult<IDeadLetterLog>(Log);

    protected override async Task<IDeadLetterLog> RestartAsync()
    {
        await Log.DisposeAsync();
        _log = null;
        return Log;
    }
}
