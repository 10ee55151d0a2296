using System.Threading.Channels;

namespace Reco.Adapters.Tests.Redis;

/// <summary>A socket whose every write waits until the test lets it go, and whose other end then answers what was written.</summary>
internal sealed class HeldStream(Func<ReadOnlyMemory<byte>, byte[]> answer) : Stream
{
    private readonly SemaphoreSlim _let = new(0);
    private readonly SemaphoreSlim _held = new(0);
    private readonly Channel<byte[]> _replies = Channel.CreateUnbounded<byte[]>();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Ends when one more write is held.</summary>
    public Task HeldAsync(CancellationToken cancellationToken) => _held.WaitAsync(cancellationToken);

    /// <summary>Lets the held write, or the next one, go.</summary>
    public void Let() => _let.Release();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _held.Release();
        await _let.WaitAsync(cancellationToken);
        await _replies.Writer.WriteAsync(answer(buffer), cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reply = await _replies.Reader.ReadAsync(cancellationToken);
        reply.CopyTo(buffer);
        return reply.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _let.Dispose();
        _held.Dispose();
        base.Dispose(disposing);
    }
}
