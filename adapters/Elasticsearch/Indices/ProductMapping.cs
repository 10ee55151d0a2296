using System.Text.Json.Nodes;

namespace Reco.Adapters.Elasticsearch.Indices;

/// <summary>
/// How products are indexed. The words are those of the embedded index as far as Elasticsearch's own analyzers reach: cut at everything that
/// is no letter and no digit, without case and accents, English plurals and singulars together, Han, kana and Hangul as pairs of characters.
/// </summary>
internal static class ProductMapping
{
    /// <summary>Rises when the mapping changes in a way that needs a full rebuild.</summary>
    public const int Schema = 1;

    public const string ProductId = "product_id";
    public const string Name = "name";
    public const string Brand = "brand";
    public const string Category = "category";
    public const string Price = "price";
    public const string Stock = "stock";
    public const string Popularity = "popularity";

    /// <summary>The field as it is written, for counting.</summary>
    public const string ExactSuffix = ".exact";

    /// <summary>The field in lower case, for filtering.</summary>
    public const string LowerSuffix = ".lower";

    /// <summary>The field's words unstemmed, with their beginnings, for the word that is being typed.</summary>
    public const string TypedSuffix = ".typed";

    /// <summary>The template that every new product index follows.</summary>
    public static JsonObject Template(ElasticsearchOptions options) => new()
    {
        ["index_patterns"] = new JsonArray($"{options.Alias}-*"),
        ["priority"] = 200,
        ["version"] = Schema,
        ["template"] = new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["number_of_shards"] = options.Shards,
                ["number_of_replicas"] = options.Replicas,
                ["analysis"] = Analysis(),
            },
            ["mappings"] = new JsonObject
            {
                // A field that nobody planned is a mistake of the writer, not a new field.
                ["dynamic"] = "strict",
                ["properties"] = Properties(),
            },
        },
    };

    private static JsonObject Properties() => new()
    {
        [ProductId] = new JsonObject { ["type"] = "keyword" },
        [Name] = Text(),
        [Brand] = Text(("exact", new JsonObject { ["type"] = "keyword" })),
        [Category] = Text(
            ("exact", new JsonObject { ["type"] = "keyword" }),
            ("lower", new JsonObject { ["type"] = "keyword", ["normalizer"] = "reco_lower" })),
        [Price] = new JsonObject { ["type"] = "double" },
        [Stock] = new JsonObject { ["type"] = "integer" },
        [Popularity] = new JsonObject { ["type"] = "double" },
    };

    private static JsonObject Text(params ReadOnlySpan<(string Name, JsonObject Field)> others)
    {
        var fields = new JsonObject
        {
            ["typed"] = new JsonObject { ["type"] = "search_as_you_type", ["analyzer"] = "reco_typed", ["max_shingle_size"] = 2 },
        };
        foreach (var (name, field) in others)
        {
            fields[name] = field;
        }

        return new JsonObject
        {
            ["type"] = "text",
            ["analyzer"] = "reco_index",
            ["search_analyzer"] = "reco_search",
            ["fields"] = fields,
        };
    }

    private static JsonObject Analysis() => new()
    {
        ["char_filter"] = new JsonObject
        {
            ["reco_accents"] = Replace("[\\u0300-\\u036f]", ""),
            ["reco_possessive"] = Replace("(?<=[\\p{L}\\p{N}])['\\u2019][sS](?![\\p{L}\\p{N}])", ""),
            ["reco_apostrophe"] = Replace("(?<=[\\p{L}\\p{N}])['\\u2019](?=[\\p{L}\\p{N}])", ""),

            // The standard tokenizer keeps 3.5 and a_b whole; a shopper may type either half.
            ["reco_joiners"] = Replace("[_.,:;\\u00b7\\u2027]", " "),
        },
        ["filter"] = new JsonObject
        {
            ["reco_plural"] = new JsonObject { ["type"] = "stemmer", ["language"] = "plural_english" },

            // Single characters are indexed too, so that a query of one finds them.
            ["reco_pairs_and_characters"] = new JsonObject { ["type"] = "cjk_bigram", ["output_unigrams"] = true },
        },
        ["analyzer"] = new JsonObject
        {
            ["reco_index"] = Analyzer("cjk_width", "lowercase", "asciifolding", "reco_pairs_and_characters", "reco_plural"),
            ["reco_search"] = Analyzer("cjk_width", "lowercase", "asciifolding", "cjk_bigram", "reco_plural"),
            ["reco_typed"] = Analyzer("cjk_width", "lowercase", "asciifolding"),
        },
        ["normalizer"] = new JsonObject
        {
            ["reco_lower"] = new JsonObject { ["type"] = "custom", ["filter"] = new JsonArray("lowercase") },
        },
    };

    private static JsonObject Replace(string pattern, string replacement) => new()
    {
        ["type"] = "pattern_replace",
        ["pattern"] = pattern,
        ["replacement"] = replacement,
    };

    private static JsonObject Analyzer(params ReadOnlySpan<string> filters)
    {
        var names = new JsonArray();
        foreach (var filter in filters)
        {
            names.Add((JsonNode)filter);
        }

        return new JsonObject
        {
            ["type"] = "custom",
            ["char_filter"] = new JsonArray("reco_accents", "reco_possessive", "reco_apostrophe", "reco_joiners"),
            ["tokenizer"] = "standard",
            ["filter"] = names,
        };
    }
}
