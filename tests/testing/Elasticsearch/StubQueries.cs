using System.Text.Json;

namespace Reco.Testing.Elasticsearch;

/// <summary>What a query scores a document; null when it does not match.</summary>
internal delegate double? StubScorer(StubDocument document);

/// <summary>The query DSL as far as Reco uses it; anything else is refused, as a misspelt field would be.</summary>
internal static class StubQueries
{
    public static StubScorer Compile(JsonElement query, StubReader reader)
    {
        var one = query.Single("query");
        return one.Name switch
        {
            "match_all" => MatchAll(one.Value),
            "bool" => Bool(one.Value, reader),
            "multi_match" => StubMultiMatch.Compile(one.Value, reader),
            "constant_score" => Constant(one.Value, reader),
            "function_score" => FunctionScore(one.Value, reader),
            "term" => Term(one.Value, reader),
            "range" => Range(one.Value, reader),
            _ => throw StubError.Parsing($"unknown query [{one.Name}]"),
        };
    }

    private static StubScorer MatchAll(JsonElement body)
    {
        body.Only("match_all", "boost");
        var boost = body.Find("boost")?.Number("boost") ?? 1;
        return _ => boost;
    }

    private static StubScorer Bool(JsonElement body, StubReader reader)
    {
        body.Only("bool", "must", "should", "filter", "must_not", "minimum_should_match", "boost");
        var (must, should, filter, mustNot) = (All("must"), All("should"), All("filter"), All("must_not"));
        var atLeast = body.Find("minimum_should_match")?.Whole("minimum_should_match") ?? (must.Length + filter.Length == 0 && should.Length > 0 ? 1 : 0);
        var boost = body.Find("boost")?.Number("boost") ?? 1;
        return document =>
        {
            var score = 0.0;
            foreach (var clause in must)
            {
                if (clause(document) is not { } part)
                {
                    return null;
                }

                score += part;
            }

            if (filter.Any(clause => clause(document) is null) || mustNot.Any(clause => clause(document) is not null))
            {
                return null;
            }

            var matched = 0;
            foreach (var clause in should)
            {
                if (clause(document) is { } part)
                {
                    score += part;
                    matched++;
                }
            }

            return matched < atLeast ? null : boost * score;
        };

        StubScorer[] All(string kind) => body.Find(kind) is { } clauses ? [.. clauses.OneOrMany().Select(clause => Compile(clause, reader))] : [];
    }

    private static StubScorer Constant(JsonElement body, StubReader reader)
    {
        body.Only("constant_score", "filter", "boost");
        var filter = Compile(body.Need("filter", "constant_score"), reader);
        var boost = body.Find("boost")?.Number("boost") ?? 1;
        return document => filter(document) is null ? null : boost;
    }

    private static StubScorer Term(JsonElement body, StubReader reader)
    {
        var (path, value) = (body.Single("term").Name, body.Single("term").Value);
        if (value.ValueKind == JsonValueKind.Object)
        {
            value = value.Only("term", "value", "boost", "case_insensitive").Need("value", "term");
        }

        // A field without a mapping matches nothing, silently: here that would hide a mistake.
        var field = reader.Mapping.Keyword(path, "term");
        var wanted = field.Type == "keyword" ? field.Search!(value.Text("term"))[0] : throw StubError.Argument($"The stub has no term query on [{field.Type}].");
        return document => document.Terms(field).Contains(wanted) ? 1 : null;
    }

    private static StubScorer Range(JsonElement body, StubReader reader)
    {
        var one = body.Single("range");
        var limits = one.Value.Only("range", "gte", "gt", "lte", "lt", "boost");
        var field = reader.Mapping.Keyword(one.Name, "range");
        if (field.Type is not ("double" or "integer" or "long"))
        {
            throw StubError.Argument($"The stub has no range query on [{field.Type}].");
        }

        var (gte, gt, lte, lt) = (Limit("gte"), Limit("gt"), Limit("lte"), Limit("lt"));
        return document => document.Number(field.Source) is { } value
            && !(value < gte) && !(value <= gt) && !(value > lte) && !(value >= lt) ? 1 : null;

        double? Limit(string name) => limits.Find(name)?.Number(name);
    }

    private static StubScorer FunctionScore(JsonElement body, StubReader reader)
    {
        body.Only("function_score", "query", "functions", "score_mode", "boost_mode", "boost", "max_boost", "min_score");
        var query = Compile(body.Need("query", "function_score"), reader);
        var functions = body.Need("functions", "function_score").EnumerateArray().Select(function => Function(function, reader)).ToArray();
        body.Need("score_mode", "function_score").OneOf("score_mode", "sum");
        body.Need("boost_mode", "function_score").OneOf("boost_mode", "multiply");
        return document => query(document) is { } score ? score * functions.Sum(function => function(document)) : null;
    }

    private static Func<StubDocument, double> Function(JsonElement body, StubReader reader)
    {
        body.Only("functions", "weight", "field_value_factor");
        var weight = body.Find("weight")?.Number("weight") ?? 1;
        if (body.Find("field_value_factor") is not { } factorOf)
        {
            return body.Find("weight") is null ? throw StubError.Parsing("an entry in functions list is missing a function.") : _ => weight;
        }

        factorOf.Only("field_value_factor", "field", "modifier", "missing", "factor");
        var path = factorOf.Need("field", "field_value_factor").Text("field");
        if (reader.Mapping.Find(path) is not { Type: "double" or "integer" or "long" })
        {
            throw StubError.Argument($"Unable to find a field mapper for field [{path}]");
        }

        factorOf.Need("modifier", "field_value_factor").OneOf("modifier", "ln1p");
        var factor = factorOf.Find("factor")?.Number("factor") ?? 1;
        var missing = factorOf.Find("missing")?.Number("missing");
        return document => weight * Math.Log(1 + (factor * (document.Number(path) ?? missing
            ?? throw new StubError(400, "exception", $"Missing value for field [{path}]"))));
    }
}
