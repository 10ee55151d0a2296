using System.Text;

namespace Reco.GrainInterfaces.Tests.Events;

/// <summary>Events as a client would write them, with one thing changed.</summary>
internal static class EventText
{
    /// <summary>2026-01-05T12:00:00Z.</summary>
    public const long NowMs = 1_767_614_400_000;

    public const string View =
        """{"event_id":"e-1","user_id":"u-1","product_id":"p-1","event_type":"view","timestamp":"2026-01-05T11:59:00.250Z"}""";

    public const string Purchase =
        """{"event_id":"e-2","user_id":"u-1","product_id":"p-1","event_type":"purchase","timestamp":"2026-01-05T12:00:00Z","session_id":"s-1","quantity":3,"unit_price":19.99}""";

    public const string Search =
        """{"event_id":"e-3","user_id":"u-1","event_type":"search","timestamp":"2026-01-05T12:00:00Z","query":"red shoes"}""";

    /// <summary>The view with one field's JSON replaced; null takes the field out.</summary>
    public static string With(string field, string? json) => With(View, field, json);

    public static string With(string text, string field, string? json)
    {
        var fields = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
        fields.Remove(field);
        var rest = fields.ToJsonString();
        return json is null ? rest : $"{rest[..^1]},\"{field}\":{json}}}";
    }

    public static (ShopEvent? Event, EventFault? Fault) Read(string text, IdPool? pool = null, long nowMs = NowMs) =>
        Read(Encoding.UTF8.GetBytes(text), pool, nowMs);

    public static (ShopEvent? Event, EventFault? Fault) Read(byte[] utf8, IdPool? pool = null, long nowMs = NowMs)
    {
        var good = ShopEventJson.TryRead(utf8, nowMs, pool, out var shopEvent, out var fault);
        Assert.Equal(good, shopEvent is not null);
        Assert.Equal(good, fault is null);
        return (shopEvent, fault);
    }
}
