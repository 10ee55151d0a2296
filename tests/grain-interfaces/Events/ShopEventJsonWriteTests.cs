using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.GrainInterfaces.Tests.Events;

public sealed class ShopEventJsonWriteTests
{
    [Theory]
    [InlineData(EventText.View)]
    [InlineData(EventText.Purchase)]
    [InlineData(EventText.Search)]
    public void ToUtf8_WhatWasRead_IsTheSameJson(string text)
    {
        var written = Encoding.UTF8.GetString(ShopEventJson.ToUtf8(EventText.Read(text).Event!));

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(text.Replace("12:00:00Z", "12:00:00.000Z")), JsonNode.Parse(written)), written);
    }

    [Fact]
    public void ToUtf8_AnyValidEvent_ReadsBackEqual()
    {
        var random = new Random(20260105);
        for (var round = 0; round < 5_000; round++)
        {
            var made = RandomEvent(random);
            var utf8 = ShopEventJson.ToUtf8(made);

            var (read, fault) = EventText.Read(utf8, round % 2 == 0 ? null : new IdPool(2), nowMs: long.MaxValue);

            Assert.True(fault is null, $"{fault}: {Encoding.UTF8.GetString(utf8)}");
            Assert.Equal(made, read);
            AssertAgreesWithADocument(made, utf8);
        }
    }

    [Fact]
    public void ToUtf8_IdsOutsideAscii_AreWrittenAsTheyAre()
    {
        var utf8 = ShopEventJson.ToUtf8(EventText.Read(EventText.With("user_id", "\"\\u00fc+<ser>\"")).Event!);

        Assert.True(utf8.AsSpan().IndexOf("ü+<ser>"u8) > 0, Encoding.UTF8.GetString(utf8));
    }

    [Fact]
    public void ToUtf8_LargestEvent_StaysUnderTheLimit()
    {
        // The worst a character can become is six bytes: \u2028.
        var id = 'x' + new string('\u2028', EventRules.IdCharactersMax - 1);
        var query = new string('\u2028', EventRules.QueryCharactersMax);
        var utf8 = ShopEventJson.ToUtf8(new ShopEvent
        {
            EventId = id,
            UserId = id,
            SessionId = id,
            Query = query,
            Type = EventType.Search,
            TimestampMs = EventText.NowMs,
            Quantity = EventRules.QuantityMax,
            UnitPrice = EventRules.UnitPriceMax,
        });

        Assert.InRange(utf8.Length, 1, EventRules.EventBytesMax);
        Assert.Null(EventText.Read(utf8).Fault);
    }

    /// <summary>The slow obvious way to read it.</summary>
    private static void AssertAgreesWithADocument(ShopEvent expected, byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        Assert.Equal(expected.EventId, root.GetProperty("event_id").GetString());
        Assert.Equal(expected.UserId, root.GetProperty("user_id").GetString());
        Assert.Equal(expected.TimestampMs, root.GetProperty("timestamp").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(expected.ProductId, root.TryGetProperty("product_id", out var product) ? product.GetString() : null);
        Assert.Equal(expected.SessionId, root.TryGetProperty("session_id", out var session) ? session.GetString() : null);
        Assert.Equal(expected.Query, root.TryGetProperty("query", out var query) ? query.GetString() : null);
        Assert.Equal(expected.Quantity, root.TryGetProperty("quantity", out var quantity) ? quantity.GetInt32() : null);
        Assert.Equal(expected.UnitPrice, root.TryGetProperty("unit_price", out var price) ? price.GetDecimal() : null);
    }

    private static ShopEvent RandomEvent(Random random)
    {
        var type = (EventType)random.Next(EventTypes.Count);
        return new ShopEvent
        {
            EventId = RandomText(random, 1, EventRules.IdCharactersMax),
            UserId = RandomText(random, 1, EventRules.IdCharactersMax),
            ProductId = type == EventType.Search ? null : RandomText(random, 1, EventRules.IdCharactersMax),
            Type = type,
            TimestampMs = random.NextInt64(0, 253_402_300_799_999),
            SessionId = random.Next(2) == 0 ? null : RandomText(random, 1, EventRules.IdCharactersMax),
            Query = type != EventType.Search || random.Next(3) == 0 ? null : RandomText(random, 0, EventRules.QueryCharactersMax),
            Quantity = random.Next(2) == 0 ? null : random.Next(1, EventRules.QuantityMax + 1),
            UnitPrice = random.Next(2) == 0 ? null : random.Next(0, 100_000_001) / 100m,
        };
    }

    private static string RandomText(Random random, int min, int max)
    {
        string[] alphabet = ["a", "Z", "0", "-", " ", "\"", "\\", "/", "<", "+", "'", "é", "用", "\u2028", "😀"];
        var length = random.Next(8) == 0 ? max : random.Next(min, Math.Min(max, 24));
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            var next = alphabet[random.Next(alphabet.Length)];
            text.Append(text.Length + next.Length <= length ? next : "x");
        }

        return min > 0 && string.IsNullOrWhiteSpace(text.ToString()) ? "x" : text.ToString();
    }
}
