using System.Text.Json.Nodes;
using Reco.Adapters.Elasticsearch.Indices;

namespace Reco.Adapters.Elasticsearch.Search;

/// <summary>
/// Pieces of the query DSL. What a shopper typed is only ever the value of a JSON string in a <c>multi_match</c>: there is no syntax in it to
/// be obeyed.
/// </summary>
internal static class Clauses
{
    /// <summary>
    /// What a completion counts. Its score is this constant times the field's weight, while that of an exact match grows with the rarity of the
    /// word: little, so that it never hides how well the other words match, and that of equal completions the popular ones are first.
    /// </summary>
    private const double CompletionBoost = 0.03;

    /// <summary>What a word one typo away counts.</summary>
    private const double TypoBoost = 0.03;

    /// <summary>AUTO with no edit below 4 characters, one below 65, and no word is longer than 64.</summary>
    private const string OneTypo = "AUTO:4,65";

    private static readonly (string Field, int Weight)[] Fields = [(ProductMapping.Name, 3), (ProductMapping.Brand, 2), (ProductMapping.Category, 1)];

    /// <summary>Products with this word in any field: as it is, completed, or misspelt.</summary>
    public static JsonObject Word(QueryWord word, bool misspelt)
    {
        var choices = new List<JsonObject> { Exact(word) };
        if (word.MayBeUnfinished)
        {
            choices.Add(Completion(word));
        }

        if (misspelt)
        {
            choices.Add(Misspelt(word));
        }

        return choices.Count == 1 ? choices[0] : AtLeast(1, choices);
    }

    /// <summary>Products that match so many of the clauses; the score is the sum of all that match.</summary>
    public static JsonObject AtLeast(int wanted, IEnumerable<JsonObject> clauses) => new()
    {
        ["bool"] = new JsonObject { ["should"] = Array(clauses), ["minimum_should_match"] = wanted },
    };

    /// <summary>Each clause that matches scores 1.</summary>
    public static JsonObject One(JsonObject clause) => new() { ["constant_score"] = new JsonObject { ["filter"] = clause, ["boost"] = 1 } };

    public static JsonObject MatchAll() => new() { ["match_all"] = new JsonObject() };

    public static JsonObject Category(string category) => new()
    {
        ["term"] = new JsonObject
        {
            [ProductMapping.Category + ProductMapping.LowerSuffix] = new JsonObject { ["value"] = category },
        },
    };

    /// <summary>Prices from low to high, both inclusive; null when neither is given.</summary>
    public static JsonObject? Prices(decimal? low, decimal? high)
    {
        if (low is null && high is null)
        {
            return null;
        }

        var range = new JsonObject();
        if (low is { } from)
        {
            range["gte"] = from;
        }

        if (high is { } to)
        {
            range["lte"] = to;
        }

        return new JsonObject { ["range"] = new JsonObject { [ProductMapping.Price] = range } };
    }

    /// <summary>The score times 1 + weight · ln(1 + popularity): the relevance decides, popularity tips the scales.</summary>
    public static JsonObject Blended(JsonObject query, double popularityWeight) => popularityWeight == 0 ? query : new JsonObject
    {
        ["function_score"] = new JsonObject
        {
            ["query"] = query,
            ["functions"] = new JsonArray(
                new JsonObject { ["weight"] = 1 },
                new JsonObject
                {
                    ["field_value_factor"] = new JsonObject
                    {
                        ["field"] = ProductMapping.Popularity,
                        ["modifier"] = "ln1p",
                        ["missing"] = 0,
                    },
                    ["weight"] = popularityWeight,
                }),
            ["score_mode"] = "sum",
            ["boost_mode"] = "multiply",
        },
    };

    public static JsonArray Array(IEnumerable<JsonObject> nodes)
    {
        var array = new JsonArray();
        foreach (var node in nodes)
        {
            array.Add((JsonNode)node);
        }

        return array;
    }

    private static JsonObject Exact(QueryWord word) => MultiMatch(word, "most_fields", "", null);

    private static JsonObject Completion(QueryWord word) => MultiMatch(word, "bool_prefix", ProductMapping.TypedSuffix, CompletionBoost);

    private static JsonObject Misspelt(QueryWord word)
    {
        var clause = MultiMatch(word, "most_fields", "", TypoBoost);
        var match = clause["multi_match"]!.AsObject();
        match["fuzziness"] = OneTypo;
        match["fuzzy_transpositions"] = true;
        match["max_expansions"] = 50;
        return clause;
    }

    private static JsonObject MultiMatch(QueryWord word, string type, string suffix, double? boost)
    {
        var fields = new JsonArray();
        foreach (var (field, weight) in Fields)
        {
            fields.Add((JsonNode)$"{field}{suffix}^{weight}");
        }

        var match = new JsonObject { ["query"] = word.Text, ["type"] = type, ["fields"] = fields, ["operator"] = "and" };
        if (boost is { } factor)
        {
            match["boost"] = factor;
        }

        return new JsonObject { ["multi_match"] = match };
    }
}
