using System.Text;
using System.Text.Json;
using Reco.ClientApi.Events;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Events;

/// <summary>The slicer against the slow obvious way: a document, and each element's raw text.</summary>
public sealed class EventBatchTests
{
    private const long NowMs = 1_767_614_400_000;

    [Fact]
    public void Read_AnyMixOfElements_AgreesWithADocument()
    {
        var random = new Random(42);
        for (var round = 0; round < 500; round++)
        {
            var body = Encoding.UTF8.GetBytes(RandomBody(random));

            var batch = EventBatch.Read(body, NowMs);

            var (good, bad) = Oracle(body);
            Assert.Equal(good, batch.Appends.Select(append => (append.Key, Encoding.UTF8.GetString(append.Value.Span))));
            Assert.Equal(bad, batch.Rejected.Select(rejected => (rejected.Index, rejected.Field, rejected.Error)));
            Assert.Equal(good.Count == 0, batch.Refusal is not null);
            batch.Return();
        }
    }

    [Fact]
    public void Read_AnyPrefixOfABatch_TakesNothingAndNeverThrows()
    {
        var whole = Encoding.UTF8.GetBytes($"{{\"events\":{EventTexts.List(3)}}}");
        for (var length = 0; length < whole.Length; length++)
        {
            var batch = EventBatch.Read(whole.AsSpan(0, length), NowMs);
            Assert.NotNull(batch.Refusal);
            Assert.Empty(batch.Appends);
            batch.Return();
        }
    }

    [Fact]
    public void Read_AnyByteChanged_NeverThrows()
    {
        var whole = Encoding.UTF8.GetBytes($"{{\"a\":1,\"events\":[{EventTexts.View(1, user: "ü\\u00fc")}]}}");
        for (var place = 0; place < whole.Length; place++)
        {
            foreach (var value in new byte[] { 0, (byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)']', 0x80, 0xFF })
            {
                var changed = (byte[])whole.Clone();
                changed[place] = value;
                var batch = EventBatch.Read(changed, NowMs);
                Assert.True(batch.Refusal is not null || batch.Appends.Count == 1);
                batch.Return();
            }
        }
    }

    private static (List<(string Key, string Value)> Good, List<(int Index, string Field, string Error)> Bad) Oracle(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var elements = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray()
            : root.TryGetProperty("events", out var events) ? [.. events.EnumerateArray()]
            : [root];
        var good = new List<(string, string)>();
        var bad = new List<(int, string, string)>();
        foreach (var (index, element) in elements.Index())
        {
            if (ShopEventJson.TryRead(Encoding.UTF8.GetBytes(element.GetRawText()), NowMs, null, out var read, out var fault))
            {
                good.Add((read.UserId, Encoding.UTF8.GetString(ShopEventJson.ToUtf8(read))));
            }
            else
            {
                bad.Add((index, fault.Field, fault.Error));
            }
        }

        return (good, bad);
    }

    private static string RandomBody(Random random)
    {
        var elements = Enumerable.Range(0, random.Next(1, 20)).Select(number => RandomElement(random, number));
        var space = random.Next(2) == 0 ? "" : "\n  ";
        var list = $"[{space}{string.Join("," + space, elements)}{space}]";
        return random.Next(3) switch
        {
            0 => list,
            1 => $"{{\"a\":[{{}},\"]\"],\"events\":{list},\"b\":\"}}\"}}",
            _ => RandomElement(random, 0) is ['{', ..] one ? one : list,
        };
    }

    private static string RandomElement(Random random, int number) => random.Next(8) switch
    {
        0 => "7",
        1 => "[[\"nested\"]]",
        2 => "{}",
        3 => EventTexts.View(number, user: ""),
        4 => EventTexts.View(number, timestamp: "2027-01-01T00:00:00Z"),
        5 => EventTexts.View(number, user: "\\\"quoted\\\" ]}{[ \\u00fc"),
        _ => EventTexts.View(number, user: $"用户 {random.Next(9)}"),
    };
}
