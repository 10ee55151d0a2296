using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Tests.Redis;

public sealed class RespParserTests
{
    private static readonly RespLimits Small = new() { LineBytesMax = 100, BulkBytesMax = 50, ReplyBytesMax = 120, ElementsMax = 20, DepthMax = 3 };

    [Theory]
    [InlineData("+OK\r\n", "Text OK")]
    [InlineData("-ERR no\r\n", "Error ERR no")]
    [InlineData(":-42\r\n", "Integer -42")]
    [InlineData("$5\r\nhe\r\no\r\n", "Bulk he\r\no")]
    [InlineData("$0\r\n\r\n", "Bulk ")]
    [InlineData("$-1\r\n", "Null")]
    [InlineData("*-1\r\n", "Null")]
    [InlineData("*0\r\n", "Array []")]
    [InlineData("*2\r\n$1\r\na\r\n*1\r\n:1\r\n", "Array [Bulk a, Array [Integer 1]]")]
    [InlineData("_\r\n", "Null")]
    [InlineData("#t\r\n", "Boolean 1")]
    [InlineData(",1.5e3\r\n", "Double 1.5e3")]
    [InlineData("(12345678901234567890\r\n", "BigNumber 12345678901234567890")]
    [InlineData("=8\r\ntxt:yes!\r\n", "Bulk txt:yes!")]
    [InlineData("!6\r\nERR no\r\n", "Error ERR no")]
    [InlineData("%1\r\n+a\r\n:1\r\n", "Map [Text a, Integer 1]")]
    [InlineData("~1\r\n+a\r\n", "Array [Text a]")]
    [InlineData(">1\r\n+a\r\n", "Push [Text a]")]
    [InlineData("|1\r\n+ttl\r\n:3\r\n+value\r\n", "Text value")]
    [InlineData("*2\r\n|1\r\n+ttl\r\n:3\r\n:1\r\n:2\r\n", "Array [Integer 1, Integer 2]")]
    public void TryRead_EachKind_IsThatReply(string bytes, string expected)
    {
        Assert.Equal([expected], Whole(Encoding.UTF8.GetBytes(bytes)));
        Assert.Equal([expected], Split(Encoding.UTF8.GetBytes(bytes), _ => 1));
    }

    [Fact]
    public void TryRead_AnyRepliesCutAnywhere_AreTheReplies() =>
        Holds(Gen.Choose(0, 10_000), 60, numbers =>
        {
            var replies = Build(new Queue<int>(numbers));
            var bytes = RespText.Encode(replies);
            var expected = replies.Select(reply => reply.ToString()).ToArray();
            var next = 0;

            Assert.Equal(expected, Whole(bytes));
            Assert.Equal(expected, Split(bytes, _ => 1));
            Assert.Equal(expected, Split(bytes, left => numbers.Length == 0 ? left : 1 + (numbers[next++ % numbers.Length] % 40)));
        });

    [Fact]
    public void TryRead_Garbage_IsRefusedOrReadButNeverMore() =>
        Holds(Gen.Choose(0, 255), 200, numbers =>
        {
            // Bytes that mean something come often, so that the walk goes deep.
            var garbage = numbers.Select(n => n < 160 ? (byte)"+-:$*%~>|_#,(=!\r\n0123456789\r\n"[n % 29] : (byte)n).ToArray();
            Assert.Equal(Outcome(garbage, _ => garbage.Length), Outcome(garbage, _ => 1));
        }, cases: 2_000);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData("+OK\n")]
    [InlineData(":12a\r\n")]
    [InlineData(":+12\r\n")]
    [InlineData(":\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("#x\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$?\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    [InlineData("*-2\r\n")]
    [InlineData("%-1\r\n")]
    [InlineData("$51\r\n")]
    [InlineData("*21\r\n")]
    [InlineData("%11\r\n")]
    [InlineData("*9223372036854775807\r\n")]
    [InlineData("%9223372036854775807\r\n")]
    [InlineData("*10\r\n*11\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n")]
    public void TryRead_BrokenOrBeyondALimit_Throws(string bytes)
    {
        Assert.Throws<RespProtocolException>(() => Whole(Encoding.UTF8.GetBytes(bytes), Small));
        Assert.Throws<RespProtocolException>(() => Split(Encoding.UTF8.GetBytes(bytes), _ => 1, Small));
    }

    [Fact]
    public void TryRead_LineThatNeverEnds_ThrowsAtTheLimit()
    {
        Assert.Empty(Whole(Encoding.UTF8.GetBytes("+" + new string('a', 99)), Small));
        Assert.Throws<RespProtocolException>(() => Whole(Encoding.UTF8.GetBytes("+" + new string('a', 100)), Small));
    }

    [Fact]
    public void TryRead_ManyBulksOfOneReply_CountTogether()
    {
        var bulk = $"$40\r\n{new string('a', 40)}\r\n";
        Assert.Single(Whole(Encoding.UTF8.GetBytes("*3\r\n" + bulk + bulk + bulk), Small));
        Assert.Throws<RespProtocolException>(() => Whole(Encoding.UTF8.GetBytes("*4\r\n" + bulk + bulk + bulk + bulk), Small));

        // Each reply begins anew.
        Assert.Equal(9, Whole(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(bulk, 9))), Small).Count);
    }

    [Fact]
    public void TryRead_HugeCountWithFewElements_ReservesLittle()
    {
        var parser = new RespParser();
        ReadOnlySpan<byte> promise = "*1000000\r\n:1\r\n"u8;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(parser.TryRead(ref promise, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 10);
        Assert.True(parser.IsMidReply);
    }

    [Fact]
    public void Writer_Command_IsAnArrayOfBulksThatReadsBack()
    {
        using var writer = new RespWriter(1);
        writer.Command("SET"u8, 5).Argument("kéy").Argument("\r\n"u8).Argument("PX"u8).Argument(long.MinValue).Argument(0.1);
        writer.Command("PING"u8, 0);

        Assert.Equal(2, writer.Commands);
        Assert.Equal(
            "*6\r\n$3\r\nSET\r\n$4\r\nkéy\r\n$2\r\n\r\n\r\n$2\r\nPX\r\n$20\r\n-9223372036854775808\r\n$3\r\n0.1\r\n*1\r\n$4\r\nPING\r\n",
            Encoding.UTF8.GetString(writer.Written.Span));
    }

    [Fact]
    public void Writer_ArgumentsMissingOrTooMany_Throws()
    {
        using var writer = new RespWriter();
        writer.Command("GET"u8, 1);
        Assert.Throws<InvalidOperationException>(() => writer.Written);
        Assert.Throws<InvalidOperationException>(() => writer.Command("PING"u8, 0));
        writer.Argument("key");
        Assert.Throws<InvalidOperationException>(() => writer.Argument("more"));
    }

    private static string[] Outcome(byte[] bytes, Func<int, int> cut)
    {
        var replies = new List<string>();
        try
        {
            Feed(bytes, cut, Small, replies);
        }
        catch (RespProtocolException broken)
        {
            replies.Add(broken.Message);
        }

        return [.. replies];
    }

    private static List<string> Whole(byte[] bytes, RespLimits? limits = null) => Split(bytes, left => left, limits);

    private static List<string> Split(byte[] bytes, Func<int, int> cut, RespLimits? limits = null)
    {
        var replies = new List<string>();
        Feed(bytes, cut, limits, replies);
        return replies;
    }

    private static void Feed(byte[] bytes, Func<int, int> cut, RespLimits? limits, List<string> replies)
    {
        var parser = new RespParser(limits);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, Math.Max(1, cut(bytes.Length - at)));
            ReadOnlySpan<byte> piece = bytes.AsSpan(at, length);
            while (parser.TryRead(ref piece, out var reply))
            {
                replies.Add(reply.ToString());
            }

            at += length;
        }
    }

    /// <summary>Replies of every kind and shape, as the numbers say.</summary>
    private static List<RespReply> Build(Queue<int> numbers)
    {
        var replies = new List<RespReply>();
        while (numbers.Count > 0)
        {
            replies.Add(BuildOne(numbers, depth: 0));
        }

        return replies;
    }

    private static RespReply BuildOne(Queue<int> numbers, int depth)
    {
        if (!numbers.TryDequeue(out var number))
        {
            return RespReply.Null;
        }

        var text = Encoding.UTF8.GetBytes($"text {number} é");
        return (number % (depth < 6 ? 11 : 8)) switch
        {
            0 => RespReply.Ok,
            1 => RespReply.Of(RespKind.Text, text),
            2 => RespReply.Of(RespKind.Error, text),
            3 => RespReply.Of(number - 5_000L),
            4 => RespReply.Of(RespKind.Bulk, Encoding.UTF8.GetBytes(new string("\r\n$*"[number % 4], number % 300))),
            5 => RespReply.Null,
            6 => RespReply.Of(number % 2 == 0),
            7 => RespReply.Of(RespKind.Double, Encoding.UTF8.GetBytes("1.25")),
            8 => RespReply.Of(RespKind.Array, Some(number % 5)),
            9 => RespReply.Of(RespKind.Map, Some(2 * (number % 3))),
            _ => RespReply.Of(RespKind.Push, Some(number % 4)),
        };

        RespReply[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => BuildOne(numbers, depth + 1))];
    }

    private static void Holds(Gen<int> numbers, int length, Action<int[]> assert, int cases = 200) =>
        Prop.ForAll(Arb.From(Gen.Choose(0, length).SelectMany(n => numbers.ArrayOf(n))), assert).Check(
            Config.QuickThrowOnFailure.WithMaxTest(cases)
                .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105, 0x9E3779B97F4A7C15), FSharpOption<int>.None))));
}
