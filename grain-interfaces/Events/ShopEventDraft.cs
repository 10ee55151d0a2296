using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Reco.GrainInterfaces;

/// <summary>An event being read from JSON, field by field.</summary>
internal struct ShopEventDraft
{
    /// <summary>The longest names have 10 characters, an escaped one at most 6 bytes: a longer name is not known here.</summary>
    private const int EscapedNameBytesMax = 60;

    /// <summary>Most bytes an id can have: three in UTF-8 for a UTF-16 code unit.</summary>
    private const int IdBytesMax = 3 * EventRules.IdCharactersMax;

    private const long TimestampMsMin = 0;

    /// <summary>The longest time has 35 characters; each may be escaped with six.</summary>
    private const int EscapedTimeBytesMax = 35 * 6;

    private string? _eventId;
    private string? _userId;
    private string? _productId;
    private EventType? _type;
    private long? _timestampMs;
    private string? _sessionId;
    private string? _query;
    private int? _quantity;
    private decimal? _unitPrice;

    /// <summary>Reads the property the reader stands on. False: <paramref name="fault"/> says why.</summary>
    public bool TryReadField(ref Utf8JsonReader reader, IdPool? pool, [NotNullWhen(false)] ref EventFault? fault)
    {
        Span<byte> unescaped = stackalloc byte[EscapedNameBytesMax];
        var name = !reader.ValueIsEscaped ? reader.ValueSpan
            : reader.ValueSpan.Length <= EscapedNameBytesMax ? unescaped[..reader.CopyString(unescaped)]
            : default;
        if (name.SequenceEqual("event_id"u8))
        {
            return TryReadId(ref reader, "event_id", null, out _eventId, ref fault);
        }

        if (name.SequenceEqual("user_id"u8))
        {
            return TryReadId(ref reader, "user_id", pool, out _userId, ref fault);
        }

        if (name.SequenceEqual("product_id"u8))
        {
            return TryReadId(ref reader, "product_id", pool, out _productId, ref fault);
        }

        if (name.SequenceEqual("session_id"u8))
        {
            return TryReadId(ref reader, "session_id", null, out _sessionId, ref fault);
        }

        if (name.SequenceEqual("event_type"u8))
        {
            return TryReadType(ref reader, ref fault);
        }

        if (name.SequenceEqual("timestamp"u8))
        {
            return TryReadTimestamp(ref reader, ref fault);
        }

        if (name.SequenceEqual("query"u8))
        {
            return TryReadQuery(ref reader, ref fault);
        }

        if (name.SequenceEqual("quantity"u8))
        {
            return TryReadQuantity(ref reader, ref fault);
        }

        if (name.SequenceEqual("unit_price"u8))
        {
            return TryReadUnitPrice(ref reader, ref fault);
        }

        reader.Skip();
        return true;
    }

    public readonly bool TryFinish(
        long nowMs, [NotNullWhen(true)] out ShopEvent? shopEvent, [NotNullWhen(false)] out EventFault? fault)
    {
        shopEvent = null;
        fault = Missing() ?? Inconsistent(nowMs);
        if (fault is not null)
        {
            return false;
        }

        shopEvent = new ShopEvent
        {
            EventId = _eventId!,
            UserId = _userId!,
            ProductId = _productId,
            Type = _type!.Value,
            TimestampMs = _timestampMs!.Value,
            SessionId = _sessionId,
            Query = _query,
            Quantity = _quantity,
            UnitPrice = _unitPrice,
        };
        return true;
    }

    private readonly EventFault? Missing() =>
        _eventId is null ? Required("event_id")
        : _userId is null ? Required("user_id")
        : _type is null ? Required("event_type")
        : _timestampMs is null ? Required("timestamp")
        : null;

    private readonly EventFault? Inconsistent(long nowMs) =>
        _type == EventType.Search && _productId is not null ? new EventFault("product_id", "a search names no product")
        : _type != EventType.Search && _productId is null
            ? new EventFault("product_id", $"is required for event_type {EventTypes.Name(_type!.Value)}")
        : _type != EventType.Search && _query is not null ? new EventFault("query", "belongs to event_type search only")
        : _timestampMs - (long)EventRules.FutureMax.TotalMilliseconds > nowMs
            ? new EventFault("timestamp", $"lies more than {EventRules.FutureMax.TotalMinutes:0} minutes in the future")
        : null;

    private static EventFault Required(string field) => new(field, "is required");

    private static bool TryReadId(
        ref Utf8JsonReader reader, string field, IdPool? pool, out string? id, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        id = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            fault = new EventFault(field, "must be a string");
            return false;
        }

        // What is too long for an id is not worth a place in the pool, which is bounded in slots only.
        id = pool is not null && !reader.ValueIsEscaped && reader.ValueSpan.Length <= IdBytesMax
            ? pool.Get(reader.ValueSpan)
            : reader.GetString()!;
        if (id.Length is 0 or > EventRules.IdCharactersMax)
        {
            fault = new EventFault(field, $"must have 1 to {EventRules.IdCharactersMax} characters; this one has {id.Length}");
            return false;
        }

        // Ids become grain keys, and a grain key must not be blank.
        if (string.IsNullOrWhiteSpace(id))
        {
            fault = new EventFault(field, "must not be blank");
            return false;
        }

        if (HasControlCharacter(id))
        {
            fault = new EventFault(field, "must not contain control characters");
            return false;
        }

        return true;
    }

    private bool TryReadType(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        _type = null;
        if (reader.TokenType == JsonTokenType.String)
        {
            _type = reader.ValueTextEquals("view"u8) ? EventType.View
                : reader.ValueTextEquals("cart"u8) ? EventType.Cart
                : reader.ValueTextEquals("like"u8) ? EventType.Like
                : reader.ValueTextEquals("purchase"u8) ? EventType.Purchase
                : reader.ValueTextEquals("search"u8) ? EventType.Search
                : null;
        }

        if (_type is null)
        {
            fault = new EventFault("event_type", "must be view, cart, purchase, like or search");
            return false;
        }

        return true;
    }

    private bool TryReadTimestamp(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String
            && IsFullTime(ref reader)
            && reader.TryGetDateTimeOffset(out var at)
            && at.ToUnixTimeMilliseconds() >= TimestampMsMin)
        {
            _timestampMs = at.ToUnixTimeMilliseconds();
            return true;
        }

        fault = new EventFault("timestamp", "must be an RFC 3339 time with a zone, not before 1970, such as 2026-01-05T12:00:00Z");
        return false;
    }

    /// <summary>
    /// The parser takes less than RFC 3339 asks for: a date alone, a time without seconds, and a time without a zone, which it would
    /// read as the machine's own. Escapes are looked through: .NET's serializer writes the plus of a zone as \u002B.
    /// </summary>
    private static bool IsFullTime(ref Utf8JsonReader reader)
    {
        var time = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            Span<byte> unescaped = stackalloc byte[EscapedTimeBytesMax];
            return time.Length <= EscapedTimeBytesMax && IsFullTime(unescaped[..reader.CopyString(unescaped)]);
        }

        return IsFullTime(time);
    }

    private static bool IsFullTime(ReadOnlySpan<byte> time) =>
        time.Length >= 20
        && time[16] == (byte)':'
        && (time[^1] == (byte)'Z' || (time[^6] is (byte)'+' or (byte)'-' && time[^3] == (byte)':'));

    private bool TryReadQuery(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        _query = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        _query = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (_query is null || _query.Length > EventRules.QueryCharactersMax)
        {
            fault = new EventFault("query", $"must be a string of at most {EventRules.QueryCharactersMax} characters");
            return false;
        }

        return true;
    }

    private bool TryReadQuantity(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        _quantity = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.Number
            || !reader.TryGetInt32(out var quantity)
            || quantity is < 1 or > EventRules.QuantityMax)
        {
            fault = new EventFault("quantity", $"must be a whole number from 1 to {EventRules.QuantityMax}");
            return false;
        }

        _quantity = quantity;
        return true;
    }

    private bool TryReadUnitPrice(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
    {
        reader.Read();
        _unitPrice = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.Number
            || !reader.TryGetDecimal(out var price)
            || price is < 0 or > EventRules.UnitPriceMax)
        {
            fault = new EventFault(
                "unit_price", string.Create(CultureInfo.InvariantCulture, $"must be a number from 0 to {EventRules.UnitPriceMax}"));
            return false;
        }

        _unitPrice = price;
        return true;
    }

    private static bool HasControlCharacter(string text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }
}
