using Reco.Silo.Ingest;

namespace Reco.Silo.Tests.Ingest;

public sealed class SentOffsetsTests
{
    private readonly SentOffsets _sent = new();

    [Fact]
    public void After_NothingSent_IsMinusOne() => Assert.Equal(-1, _sent.After("ann"));

    [Fact]
    public void After_SentTwice_IsTheLast()
    {
        _sent.Sent("ann", 3);
        _sent.Sent("ann", 8);
        Assert.Equal(8, _sent.After("ann"));
        Assert.Equal(-1, _sent.After("bob"));
    }

    [Fact]
    public void After_DuringACheckpoint_StillKnowsWhatIsBeingFlushed()
    {
        _sent.Sent("ann", 3);
        Assert.Equal(3, Assert.Single(_sent.BeginCheckpoint()).Value);
        Assert.Equal(3, _sent.After("ann"));
        _sent.Sent("ann", 5);
        Assert.Equal(5, _sent.After("ann"));
    }

    [Fact]
    public void Confirm_NewerOnesSentMeanwhile_KeepsThose()
    {
        _sent.Sent("ann", 3);
        _sent.Sent("bob", 4);
        _sent.BeginCheckpoint();
        _sent.Sent("ann", 5);
        _sent.Confirm();
        Assert.Equal(5, _sent.After("ann"));
        Assert.Equal(-1, _sent.After("bob"));
        Assert.Equal(new KeyValuePair<string, long>("ann", 5L), Assert.Single(_sent.BeginCheckpoint()));
    }

    [Fact]
    public void BeginCheckpoint_AfterOneThatWasNotConfirmed_ContainsBothGenerations()
    {
        _sent.Sent("ann", 3);
        _sent.Sent("bob", 4);
        var first = _sent.BeginCheckpoint();
        _sent.Sent("ann", 5);
        _sent.Sent("cyd", 6);
        var second = _sent.BeginCheckpoint();
        Assert.Equal([("ann", 5L), ("bob", 4L), ("cyd", 6L)], second.Select(s => (s.Key, s.Value)).Order());
        Assert.Equal([("ann", 3L), ("bob", 4L)], first.Select(s => (s.Key, s.Value)).Order());
    }

    [Fact]
    public void Clear_WithACheckpointUnderWay_ForgetsAll()
    {
        _sent.Sent("ann", 3);
        _sent.BeginCheckpoint();
        _sent.Sent("ann", 5);
        _sent.Clear();
        Assert.Equal(-1, _sent.After("ann"));
        Assert.Empty(_sent.BeginCheckpoint());
    }

    [Fact]
    public void Confirm_AfterClear_KeepsWhatTheReplaySent()
    {
        _sent.Sent("ann", 3);
        _sent.BeginCheckpoint();
        _sent.Clear();
        _sent.Sent("ann", 2);
        _sent.Confirm();
        Assert.Equal(2, _sent.After("ann"));
    }
}
