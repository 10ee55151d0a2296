using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch.Indices;

/// <summary>
/// The indices behind the alias: "products-202611201045001234567", one a generation. The writer's notes are in the mapping's <c>_meta</c>, which
/// Elasticsearch keeps with the index and never looks at.
/// </summary>
internal sealed class ProductIndices(ElasticsearchClient client, ElasticsearchOptions options, TimeProvider time)
{
    private const string MetaState = "reco_state";
    private const string MetaSchema = "reco_schema";

    private const int NamesMax = 5;

    /// <summary>The index that is made when there is none yet. Its name is fixed, so that of two processes only one makes it.</summary>
    private string FirstIndex => $"{options.Alias}-000001";

    /// <summary>Puts the template, and an empty index behind the alias when there is none.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await PutTemplateAsync(cancellationToken);
        if (await client.FindAsync(HttpMethod.Get, $"_alias/{options.Alias}", cancellationToken) is not null)
        {
            return;
        }

        try
        {
            var body = new JsonObject
            {
                ["aliases"] = new JsonObject { [options.Alias] = new JsonObject() },
                ["mappings"] = new JsonObject { ["_meta"] = Meta("") },
            };
            await client.SendAsync(HttpMethod.Put, FirstIndex, body, cancellationToken);
        }
        catch (ElasticsearchException exists) when (exists.Type == "resource_already_exists_exception")
        {
            // Another process made it just now.
        }
    }

    public Task PutTemplateAsync(CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Put, $"_index_template/reco-{options.Alias}", ProductMapping.Template(options), cancellationToken);

    public async Task<IReadOnlyList<SearchGeneration>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync(HttpMethod.Get, $"{options.Alias}-*", null, cancellationToken);
        return
        [
            .. answer.EnumerateObject()
                .Select(index => new SearchGeneration(
                    index.Name, index.Value.GetProperty("aliases").TryGetProperty(options.Alias, out _), StateOf(index.Value)))
                .OrderBy(generation => generation.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>An index to be filled: without refreshes and copies, which are cheaper made at the end.</summary>
    public async Task<SearchGeneration> CreateAsync(string state, CancellationToken cancellationToken)
    {
        await PutTemplateAsync(cancellationToken);
        var stamp = time.GetUtcNow().ToString("yyyyMMddHHmmssfffffff", CultureInfo.InvariantCulture);
        var body = new JsonObject
        {
            ["settings"] = new JsonObject { ["refresh_interval"] = "-1", ["number_of_replicas"] = 0 },
            ["mappings"] = new JsonObject { ["_meta"] = Meta(state) },
        };
        for (var attempt = 0; ; attempt++)
        {
            // Two made at one moment, or one whose answer was lost and that was asked for again: the next name. The writer removes left-overs.
            var name = $"{options.Alias}-{stamp}{(attempt == 0 ? "" : $"-{attempt}")}";
            try
            {
                await client.SendAsync(HttpMethod.Put, name, body, cancellationToken);
                return new SearchGeneration(name, false, state);
            }
            catch (ElasticsearchException exists) when (exists.Type == "resource_already_exists_exception" && attempt < NamesMax)
            {
                // Tried again with the next name.
            }
        }
    }

    public Task SaveStateAsync(string index, string state, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Put, $"{index}/_mapping", new JsonObject { ["_meta"] = Meta(state) }, cancellationToken);

    public async Task<long> CountAsync(string index, CancellationToken cancellationToken)
    {
        await client.SendAsync(HttpMethod.Post, $"{index}/_refresh", null, cancellationToken);
        var answer = await client.SendAsync(HttpMethod.Get, $"{index}/_count", null, cancellationToken);
        return answer.GetProperty("count").GetInt64();
    }

    /// <summary>Copies and refreshes as usual, everything visible, and then the alias moves in one step.</summary>
    public async Task PublishAsync(string index, CancellationToken cancellationToken)
    {
        var settings = new JsonObject { ["index"] = new JsonObject { ["refresh_interval"] = null, ["number_of_replicas"] = options.Replicas } };
        await client.SendAsync(HttpMethod.Put, $"{index}/_settings", settings, cancellationToken);
        await client.SendAsync(HttpMethod.Post, $"{index}/_refresh", null, cancellationToken);
        var actions = new JsonArray();
        foreach (var other in (await ListAsync(cancellationToken)).Where(other => other.IsPublished && other.Name != index))
        {
            actions.Add((JsonNode)new JsonObject { ["remove"] = new JsonObject { ["index"] = other.Name, ["alias"] = options.Alias } });
        }

        actions.Add((JsonNode)new JsonObject { ["add"] = new JsonObject { ["index"] = index, ["alias"] = options.Alias } });
        await client.SendAsync(HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = actions }, cancellationToken);
    }

    public async Task DropAsync(string index, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).Any(generation => generation.Name == index && generation.IsPublished))
        {
            throw new InvalidOperationException($"Index {index} answers the searches of {options.Alias}: publish another one first.");
        }

        try
        {
            await client.SendAsync(HttpMethod.Delete, index, null, cancellationToken);
        }
        catch (ElasticsearchException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            // Removed already.
        }
    }

    private static JsonObject Meta(string state) => new() { [MetaSchema] = ProductMapping.Schema, [MetaState] = state };

    /// <summary>Blank for an index of another schema: to its writer it is one that nobody finished.</summary>
    private static string StateOf(JsonElement index) =>
        index.GetProperty("mappings").TryGetProperty("_meta", out var meta)
        && meta.TryGetProperty(MetaSchema, out var schema) && schema.ValueKind == JsonValueKind.Number && schema.GetInt32() == ProductMapping.Schema
        && meta.TryGetProperty(MetaState, out var state)
            ? state.GetString() ?? ""
            : "";
}
