using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Reco.Adapters.Elasticsearch.Bulk;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch;

/// <summary>The index of daily order aggregates, one document a day, for Kibana. A day written again replaces itself.</summary>
public sealed class ElasticsearchOrders(ElasticsearchClient client, IOptions<ElasticsearchOptions> options, TimeProvider time)
{
    private const string MetaOrder = "reco_newest_order_id";

    private readonly ElasticsearchOptions _options = options.Value;
    private readonly BulkWriter _bulk = new(client, options.Value, time);

    /// <summary>The newest order that is added up, as noted in the index; -1 when there is no index yet, which is made.</summary>
    public async Task<long> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await client.FindAsync(HttpMethod.Get, _options.OrdersIndex, cancellationToken) is { } known)
        {
            return known.EnumerateObject().First().Value.GetProperty("mappings").TryGetProperty("_meta", out var meta)
                && meta.TryGetProperty(MetaOrder, out var newest)
                    ? newest.GetInt64()
                    : -1;
        }

        try
        {
            await client.SendAsync(HttpMethod.Put, _options.OrdersIndex, Definition(), cancellationToken);
        }
        catch (ElasticsearchException exists) when (exists.Type == "resource_already_exists_exception")
        {
            // Another process made it just now.
        }

        return -1;
    }

    /// <summary>Writes the days, and then notes the newest order: interrupted in between, the days are written again.</summary>
    /// <exception cref="ElasticsearchException">No answer, or a day was refused.</exception>
    public async Task WriteAsync(IReadOnlyList<DailyOrders> days, long newestOrderId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(days);
        var buffer = new BulkBuffer();
        for (var i = 0; i < days.Count; i++)
        {
            buffer.Index(days[i].Day.ToString("O", CultureInfo.InvariantCulture), days[i], Write);
            if (i == days.Count - 1 || _bulk.IsFull(buffer))
            {
                var report = await _bulk.SendAsync(_options.OrdersIndex, mustBeAlias: false, visible: false, buffer, cancellationToken);
                report.ThrowIfRefused();
            }
        }

        var note = new JsonObject { ["_meta"] = new JsonObject { [MetaOrder] = newestOrderId } };
        await client.SendAsync(HttpMethod.Put, $"{_options.OrdersIndex}/_mapping", note, cancellationToken);
    }

    private JsonObject Definition() => new()
    {
        ["settings"] = new JsonObject { ["number_of_shards"] = 1, ["number_of_replicas"] = _options.Replicas },
        ["mappings"] = new JsonObject
        {
            ["dynamic"] = "strict",
            ["properties"] = new JsonObject
            {
                ["day"] = Type("date"),
                ["orders"] = Type("long"),
                ["pieces"] = Type("long"),
                ["revenue"] = Type("double"),
                ["customers"] = Type("long"),
                ["cancelled"] = Type("long"),
            },
        },
    };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static void Write(Utf8JsonWriter writer, DailyOrders day)
    {
        writer.WriteStartObject();
        writer.WriteString("day", day.Day.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteNumber("orders", day.Orders);
        writer.WriteNumber("pieces", day.Pieces);
        writer.WriteNumber("revenue", day.Revenue);
        writer.WriteNumber("customers", day.Customers);
        writer.WriteNumber("cancelled", day.Cancelled);
        writer.WriteEndObject();
    }
}
