using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Reco.GrainInterfaces;

/// <summary>
/// The event as JSON, the form it has in requests, in the journal and in Kafka:
/// <c>event_id, user_id, product_id?, event_type, timestamp (RFC 3339), session_id?, query?, quantity?, unit_price?</c>.
/// Fields that it does not know are ignored, so that a newer producer can add some.
/// </summary>
public static class ShopEventJson
{
    private const long MinTimestampMs = 0;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 8 };

    /// <summary>
    /// Reads and validates one event.
    /// </summary>
    /// <param name="utf8">One JSON object, UTF-8.</param>
    /// <param name="nowMs">The clock against which "in the future" is judged: the gateway's now, or when the log took the record.</param>
    /// <param name="pool">Where ids are looked up so that equal ones share a string; null to allocate.</param>
    /// <param name="shopEvent">The event, when it is valid.</param>
    /// <param name="fault">The first rule it breaks, when it is not.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        long nowMs,
        IdPool? pool,
        [NotNullWhen(true)] out ShopEvent? shopEvent,
        [NotNullWhen(false)] out EventFault? fault)
    {
        shopEvent = null;
        if (utf8.Length > EventRules.EventBytesMax)
        {
            fault = new EventFault("", $"an event has at most {EventRules.EventBytesMax} bytes; this one has {utf8.Length}");
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, ReaderOptions);
            if (!TryRead(ref reader, nowMs, pool, out shopEvent, out fault))
            {
                return false;
            }

            if (!reader.Read())
            {
                return true;
            }

            shopEvent = null;
            fault = new EventFault("", "one event is one JSON object; there is more behind it");
            return false;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-8.
            shopEvent = null;
            fault = new EventFault("", $"not valid JSON: {broken.Message}");
            return false;
        }
    }

    /// <summary>The event as one JSON object in UTF-8.</summary>
    public static byte[] ToUtf8(ShopEvent shopEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        Write(shopEvent, writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the event as one JSON object.</summary>
    public static void Write(ShopEvent shopEvent, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("event_id"u8, shopEvent.EventId);
        writer.WriteString("user_id"u8, shopEvent.UserId);
        if (shopEvent.ProductId is not null)
        {
            writer.WriteString("product_id"u8, shopEvent.ProductId);
        }

        writer.WriteString("event_type"u8, EventTypes.Name(shopEvent.Type));
        Span<byte> time = stackalloc byte[33];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(shopEvent.TimestampMs).UtcDateTime;
        Utf8Formatter.TryFormat(at, time, out var written, new StandardFormat('O'));
        // "2026-01-05T12:00:00.1230000Z": the last four digits are always zero.
        time[written - 5] = (byte)'Z';
        writer.WriteString("timestamp"u8, time[..(written - 4)]);
        if (shopEvent.SessionId is not null)
        {
            writer.WriteString("session_id"u8, shopEvent.SessionId);
        }

        if (shopEvent.Query is not null)
        {
            writer.WriteString("query"u8, shopEvent.Query);
        }

        if (shopEvent.Quantity is { } quantity)
        {
            writer.WriteNumber("quantity"u8, quantity);
        }

        if (shopEvent.UnitPrice is { } price)
        {
            writer.WriteNumber("unit_price"u8, price);
        }

        writer.WriteEndObject();
    }

    private static bool TryRead(
        ref Utf8JsonReader reader,
        long nowMs,
        IdPool? pool,
        [NotNullWhen(true)] out ShopEvent? shopEvent,
        [NotNullWhen(false)] out EventFault? fault)
    {
        var draft = default(Draft);
        shopEvent = null;
        fault = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            fault = new EventFault("", "an event is a JSON object");
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!draft.TryReadField(ref reader, pool, ref fault))
            {
                return false;
            }
        }

        return draft.TryFinish(nowMs, out shopEvent, out fault);
    }

    /// <summary>An event being read.</summary>
    private struct Draft
    {
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
            // By length first: one comparison decides nearly every field.
            var name = reader.HasValueSequence || reader.ValueIsEscaped ? default : reader.ValueSpan;
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
            : _timestampMs > nowMs + (long)EventRules.FutureMax.TotalMilliseconds
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

            id = pool is not null && !reader.ValueIsEscaped ? pool.Get(reader.ValueSpan) : reader.GetString()!;
            if (id.Length is 0 or > EventRules.IdCharactersMax)
            {
                fault = new EventFault(field, $"must have 1 to {EventRules.IdCharactersMax} characters; this one has {id.Length}");
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
                && HasZone(reader.ValueSpan)
                && reader.TryGetDateTimeOffset(out var at)
                && at.ToUnixTimeMilliseconds() >= MinTimestampMs)
            {
                _timestampMs = at.ToUnixTimeMilliseconds();
                return true;
            }

            fault = new EventFault("timestamp", "must be an RFC 3339 time with a zone, not before 1970, such as 2026-01-05T12:00:00Z");
            return false;
        }

        /// <summary>A time without a zone would be read as the machine's own.</summary>
        private static bool HasZone(ReadOnlySpan<byte> time) =>
            time.Length >= 20 && (time[^1] == (byte)'Z' || time[^6] is (byte)'+' or (byte)'-');

        private bool TryReadQuery(ref Utf8JsonReader reader, [NotNullWhen(false)] ref EventFault? fault)
        {
            reader.Read();
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
}
