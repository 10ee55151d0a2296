using System.Globalization;
using System.Text;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Tests.Redis;

/// <summary>The protocol written out plainly: what a server sends for a reply.</summary>
internal static class RespText
{
    public static byte[] Encode(IEnumerable<RespReply> replies)
    {
        using var stream = new MemoryStream();
        foreach (var reply in replies)
        {
            Write(stream, reply);
        }

        return stream.ToArray();
    }

    /// <summary>What is complete in these bytes and those that the parser has kept: replies, or commands, which are arrays.</summary>
    public static List<RespReply> Decode(RespParser parser, ReadOnlySpan<byte> bytes)
    {
        var found = new List<RespReply>();
        while (parser.TryRead(ref bytes, out var one))
        {
            found.Add(one);
        }

        return found;
    }

    private static void Write(MemoryStream to, RespReply reply)
    {
        switch (reply.Kind)
        {
            case RespKind.Text:
                Line(to, $"+{reply.Text}");
                break;
            case RespKind.Error:
                Line(to, $"-{reply.Text}");
                break;
            case RespKind.Integer:
                Line(to, $":{reply.Integer.ToString(CultureInfo.InvariantCulture)}");
                break;
            case RespKind.Double:
                Line(to, $",{reply.Text}");
                break;
            case RespKind.BigNumber:
                Line(to, $"({reply.Text}");
                break;
            case RespKind.Boolean:
                Line(to, reply.Integer == 1 ? "#t" : "#f");
                break;
            case RespKind.Null:
                Line(to, "_");
                break;
            case RespKind.Bulk:
                Line(to, $"${reply.Bytes.Length}");
                to.Write(reply.Bytes);
                Line(to, "");
                break;
            default:
                var type = reply.Kind == RespKind.Array ? "*" : reply.Kind == RespKind.Map ? "%" : ">";
                Line(to, $"{type}{reply.Items.Length / (reply.Kind == RespKind.Map ? 2 : 1)}");
                foreach (var item in reply.Items)
                {
                    Write(to, item);
                }

                break;
        }
    }

    private static void Line(MemoryStream to, string text) => to.Write(Encoding.UTF8.GetBytes(text + "\r\n"));
}
