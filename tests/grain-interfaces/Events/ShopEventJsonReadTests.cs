using System.Text;

namespace Reco.GrainInterfaces.Tests.Events;

public sealed class ShopEventJsonReadTests
{
    [Fact]
    public void TryRead_View_ReadsEveryField()
    {
        var (read, _) = EventText.Read(EventText.View);

        Assert.Equal(
            new ShopEvent { EventId = "e-1", UserId = "u-1", ProductId = "p-1", Type = EventType.View, TimestampMs = EventText.NowMs - 59_750 },
            read);
    }

    [Fact]
    public void TryRead_Purchase_ReadsEveryField()
    {
        var (read, _) = EventText.Read(EventText.Purchase);

        Assert.Equal(
            new ShopEvent
            {
                EventId = "e-2",
                UserId = "u-1",
                ProductId = "p-1",
                Type = EventType.Purchase,
                TimestampMs = EventText.NowMs,
                SessionId = "s-1",
                Quantity = 3,
                UnitPrice = 19.99m,
            },
            read);
        Assert.Equal(59.97m, read!.Revenue);
    }

    [Fact]
    public void TryRead_Search_ReadsTheQuery()
    {
        var (read, _) = EventText.Read(EventText.Search);

        Assert.Equal(EventType.Search, read!.Type);
        Assert.Equal("red shoes", read.Query);
        Assert.Null(read.ProductId);
    }

    [Theory]
    [InlineData("view", EventType.View)]
    [InlineData("cart", EventType.Cart)]
    [InlineData("like", EventType.Like)]
    [InlineData("purchase", EventType.Purchase)]
    public void TryRead_EachTypeWithAProduct_IsThatType(string name, EventType type) =>
        Assert.Equal(type, EventText.Read(EventText.With("event_type", $"\"{name}\"")).Event!.Type);

    [Theory]
    [InlineData("event_id")]
    [InlineData("user_id")]
    [InlineData("product_id")]
    [InlineData("event_type")]
    [InlineData("timestamp")]
    public void TryRead_RequiredFieldMissing_NamesIt(string field)
    {
        var fault = EventText.Read(EventText.With(field, null)).Fault;

        Assert.Equal(field, fault!.Field);
        Assert.Contains("required", fault.Error);
    }

    [Theory]
    [InlineData("event_id", "null")]
    [InlineData("event_id", "7")]
    [InlineData("event_id", "\"\"")]
    [InlineData("user_id", "[\"u\"]")]
    [InlineData("user_id", "\"a\\u0000b\"")]
    [InlineData("user_id", "\" \"")]
    [InlineData("product_id", "\"\\u3000 \"")]
    [InlineData("user_id", "\"line\\nbreak\"")]
    [InlineData("product_id", "{}")]
    [InlineData("product_id", "\"\\u009f\"")]
    [InlineData("session_id", "true")]
    [InlineData("session_id", "\"\"")]
    [InlineData("event_type", "null")]
    [InlineData("event_type", "1")]
    [InlineData("event_type", "\"VIEW\"")]
    [InlineData("event_type", "\"refund\"")]
    [InlineData("quantity", "0")]
    [InlineData("quantity", "-1")]
    [InlineData("quantity", "1.5")]
    [InlineData("quantity", "1000001")]
    [InlineData("quantity", "99999999999")]
    [InlineData("quantity", "\"3\"")]
    [InlineData("unit_price", "-0.01")]
    [InlineData("unit_price", "1000000.01")]
    [InlineData("unit_price", "1e400")]
    [InlineData("unit_price", "\"9.99\"")]
    [InlineData("query", "5")]
    [InlineData("query", "\"shoes\"")]
    public void TryRead_FieldBreaksItsRule_NamesTheField(string field, string json) =>
        Assert.Equal(field, EventText.Read(EventText.With(field, json)).Fault!.Field);

    [Theory]
    [InlineData("quantity", "1")]
    [InlineData("quantity", "1000000")]
    [InlineData("quantity", "null")]
    [InlineData("unit_price", "0")]
    [InlineData("unit_price", "1000000")]
    [InlineData("unit_price", "1.25e2")]
    [InlineData("unit_price", "null")]
    [InlineData("session_id", "null")]
    [InlineData("query", "null")]
    [InlineData("colour", "{\"deep\":[1,2,{\"x\":null}]}")]
    [InlineData("user_id", "\"ünïcode 用户 😀\"")]
    [InlineData("user_id", "\"\\u00fcber\"")]
    public void TryRead_FieldAtTheEdgeOfItsRule_IsTaken(string field, string json) =>
        Assert.Null(EventText.Read(EventText.With(field, json)).Fault);

    [Theory]
    [InlineData("event_id")]
    [InlineData("user_id")]
    [InlineData("product_id")]
    [InlineData("session_id")]
    public void TryRead_IdOf128Characters_IsTakenAnd129IsNot(string field)
    {
        var longest = new string('é', EventRules.IdCharactersMax);

        Assert.Null(EventText.Read(EventText.With(field, $"\"{longest}\"")).Fault);
        var fault = EventText.Read(EventText.With(field, $"\"{longest}x\"")).Fault;
        Assert.Equal(field, fault!.Field);
        Assert.Contains("128", fault.Error);
        Assert.Contains("129", fault.Error);
    }

    [Fact]
    public void TryRead_QueryOf256Characters_IsTakenAnd257IsNot()
    {
        var longest = new string('q', EventRules.QueryCharactersMax);

        Assert.Equal(longest, EventText.Read(EventText.With(EventText.Search, "query", $"\"{longest}\"")).Event!.Query);
        Assert.Equal("query", EventText.Read(EventText.With(EventText.Search, "query", $"\"{longest}q\"")).Fault!.Field);
    }

    [Fact]
    public void TryRead_SearchThatNamesAProduct_IsRefused() =>
        Assert.Equal("product_id", EventText.Read(EventText.With(EventText.Search, "product_id", "\"p\"")).Fault!.Field);

    [Fact]
    public void TryRead_EventOf16KiB_IsTakenAndOneByteMoreIsNot()
    {
        var padding = EventRules.EventBytesMax - EventText.With("note", "\"\"").Length;
        var largest = EventText.With("note", $"\"{new string('n', padding)}\"");
        Assert.Equal(EventRules.EventBytesMax, largest.Length);

        Assert.Null(EventText.Read(largest).Fault);
        Assert.Contains("16384", EventText.Read(largest + " ").Fault!.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{\"event_id\":\"e\"")]
    [InlineData("{\"event_id\":}")]
    [InlineData("{\"event_id\" \"e\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"event\"")]
    [InlineData("{'event_id':'e'}")]
    [InlineData(EventText.View + "}")]
    [InlineData(EventText.View + EventText.View)]
    [InlineData(EventText.View + " x")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}")]
    public void TryRead_NotOneJsonObject_FaultsTheWholeRecord(string text) =>
        Assert.Equal("", EventText.Read(text).Fault!.Field);

    [Fact]
    public void TryRead_AnyPrefixOfAnEvent_IsRefusedAndNeverThrows()
    {
        var whole = Encoding.UTF8.GetBytes(EventText.Purchase);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.NotNull(EventText.Read(whole[..length]).Fault);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void TryRead_InvalidUtf8InAnId_FaultsTheWholeRecord(int? poolBits)
    {
        var utf8 = Encoding.UTF8.GetBytes(EventText.View);
        utf8[utf8.AsSpan().IndexOf("u-1"u8)] = 0xFF;

        Assert.Equal("", EventText.Read(utf8, poolBits is { } bits ? new IdPool(bits) : null).Fault!.Field);
    }

    [Fact]
    public void TryRead_LoneSurrogateInAnId_FaultsTheWholeRecord() =>
        Assert.Equal("", EventText.Read(EventText.With("user_id", "\"\\ud800\"")).Fault!.Field);

    [Fact]
    public void TryRead_EscapedNames_AreTheSameFields()
    {
        var escaped = EventText.View.Replace("\"user_id\"", "\"user\\u005fid\"").Replace(
            "\"product_id\"", "\"" + string.Concat("product_id".Select(c => $"\\u{(int)c:x4}")) + "\"");

        Assert.Equal(EventText.Read(EventText.View).Event, EventText.Read(escaped).Event);
    }

    /// <summary>As .NET's own serializer writes the plus of a zone in a string.</summary>
    [Theory]
    [InlineData("2026-01-05T12:00:00\\u002B00:00", "2026-01-05T12:00:00Z")]
    [InlineData("2026-01-05T12:00:00.1234567\\u002B02:00", "2026-01-05T12:00:00.1234567+02:00")]
    [InlineData("\\u0032026-01-05T12:00:00Z", "2026-01-05T12:00:00Z")]
    public void TryRead_EscapedTimestamp_IsTheSameTime(string escaped, string plain)
    {
        var read = EventText.Read(EventText.With("timestamp", $"\"{escaped}\""));
        Assert.Null(read.Fault);
        Assert.Equal(EventText.Read(EventText.With("timestamp", $"\"{plain}\"")).Event, read.Event);
    }

    [Theory]
    [InlineData("2026-01-05T12:00:00\\u00200:00")]
    [InlineData("2026-01-05\\u0054")]
    public void TryRead_EscapedTimestampWithoutAZone_IsRefused(string escaped) =>
        Assert.Equal("timestamp", EventText.Read(EventText.With("timestamp", $"\"{escaped}\"")).Fault?.Field);

    [Fact]
    public void TryRead_LongEscapedName_IsIgnoredLikeAnyUnknownField() =>
        Assert.Null(EventText.Read(EventText.With("\\u0061" + new string('x', 200), "1")).Fault);

    [Theory]
    [InlineData("event_type", "5", "event_type")]
    [InlineData("event_id", "null", "event_id")]
    public void TryRead_FieldGivenTwice_TheLastOneIsJudged(string field, string last, string fault) =>
        Assert.Equal(fault, EventText.Read($"{EventText.View[..^1]},\"{field}\":{last}}}").Fault!.Field);

    [Fact]
    public void TryRead_OptionalFieldGivenTwiceNullLast_IsAbsent()
    {
        var read = EventText.Read($"{EventText.Purchase[..^1]},\"quantity\":null,\"unit_price\":null}}").Event!;

        Assert.Null(read.Quantity);
        Assert.Null(read.UnitPrice);
    }

    [Fact]
    public void TryRead_WithPool_GivesEqualIdsOneString()
    {
        var pool = new IdPool();
        var first = EventText.Read(EventText.View, pool).Event!;
        var second = EventText.Read(EventText.Purchase, pool).Event!;

        Assert.Same(first.UserId, second.UserId);
        Assert.Same(first.ProductId, second.ProductId);
        Assert.NotSame(first.UserId, EventText.Read(EventText.View).Event!.UserId);
    }
}
