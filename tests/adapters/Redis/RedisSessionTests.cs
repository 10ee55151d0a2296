using Reco.Adapters.Redis;
using Reco.Adapters.Redis.Resp;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

/// <summary>One socket, whose writes the test holds.</summary>
public sealed class RedisSessionTests
{
    private static CancellationToken Cancel => TestRedis.Cancel;

    [Fact]
    public async Task Send_WhileAWriteIsUnderWay_GoesOutTogetherWithTheNext()
    {
        await using var stream = new HeldStream(AnswerWithArguments);
        using var metrics = new RedisMetrics();
        await using var session = new RedisSession(stream, TestRedis.OptionsFor("127.0.0.1:6379"), metrics, TimeProvider.System);
        session.Start();

        var first = AskAsync(session, "first");
        await stream.HeldAsync(Cancel).Within("the first write");
        var others = Enumerable.Range(0, 200).Select(i => AskAsync(session, $"value {i}")).ToList();
        stream.Let();
        await stream.HeldAsync(Cancel).Within("the second write");
        stream.Let();

        Assert.Equal("first", await first.Within("the first reply"));
        var replies = await Task.WhenAll(others).Within("the other replies");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"value {i}"), replies);
        Assert.Equal(2, session.Writes);
    }

    private static async Task<string> AskAsync(RedisSession session, string value)
    {
        using var writer = new RespWriter();
        writer.Add("ECHO", value);
        return (await session.SendAsync(writer, keepReplies: true)).All[0].Text;
    }

    private static byte[] AnswerWithArguments(ReadOnlyMemory<byte> commands) =>
        RespText.Encode(RespText.Decode(new RespParser(), commands.Span).Select(command => command.Items[1]));
}
