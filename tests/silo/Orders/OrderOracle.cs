using System.Text.Json;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Orders;

/// <summary>The slow and obvious truth: every record of the log, by a general JSON parser where it is valid, the first of an event id.</summary>
internal static class OrderOracle
{
    /// <summary>The purchases below an offset of a partition that are valid events.</summary>
    public static IEnumerable<(long Offset, Purchase Purchase)> PurchasesOf(InMemoryPartition partition, long end = long.MaxValue)
    {
        var offset = 0L;
        foreach (var (value, appendedAtMs) in partition.Snapshot())
        {
            if (offset < end && ShopEventJson.TryRead(value, appendedAtMs, pool: null, out _, out _))
            {
                using var document = JsonDocument.Parse(value);
                var json = document.RootElement;
                if (json.GetProperty("event_type").GetString() == "purchase")
                {
                    yield return (offset, Read(json));
                }
            }

            offset++;
        }
    }

    private static Purchase Read(JsonElement json) => new(
        json.GetProperty("event_id").GetString()!,
        json.GetProperty("user_id").GetString()!,
        json.GetProperty("product_id").GetString()!,
        json.TryGetProperty("quantity", out var quantity) ? quantity.GetInt32() : 1,
        json.TryGetProperty("unit_price", out var price) ? price.GetDecimal() : null,
        json.GetProperty("timestamp").GetDateTimeOffset().ToUnixTimeMilliseconds());
}
