using System.Text.Json;

namespace Reco.Testing.Elasticsearch;

/// <summary>An index: what was written, and what searches see of it since the last refresh. For one thread at a time.</summary>
internal sealed class StubIndex
{
    private readonly Dictionary<string, StubDocument> _written = new(StringComparer.Ordinal);
    private StubReader? _reader;

    public StubIndex(string name, JsonElement settings, JsonElement mappings)
    {
        Name = name;
        Settings = settings;
        Mappings = mappings;
        Mapping = new StubMapping(mappings, new StubAnalysis(settings.Find("analysis")));
        Refresh();
    }

    public string Name { get; }

    public JsonElement Settings { get; set; }

    public JsonElement Mappings { get; set; }

    public StubMapping Mapping { get; }

    /// <summary>Searches see nothing younger: Elasticsearch refreshes once a second, a test cannot rely on it.</summary>
    public StubReader Reader => _reader!;

    public bool Put(string id, JsonElement source)
    {
        Mapping.Check(source);
        var isNew = !_written.ContainsKey(id);
        _written[id] = new StubDocument(id, source);
        return isNew;
    }

    public JsonElement? Get(string id) => _written.GetValueOrDefault(id)?.Source;

    public bool Delete(string id) => _written.Remove(id);

    public void Refresh() => _reader = new StubReader(Mapping, [.. _written.Values]);
}

/// <summary>A document; its terms are found out once.</summary>
internal sealed class StubDocument(string id, JsonElement source)
{
    private readonly Dictionary<string, List<string>> _terms = [];

    public string Id => id;

    public JsonElement Source => source;

    public List<string> Terms(StubField field)
    {
        lock (_terms)
        {
            if (!_terms.TryGetValue(field.Path, out var terms))
            {
                terms = source.Find(field.Source) is { ValueKind: JsonValueKind.String } value ? field.Index!(value.GetString()!) : [];
                _terms[field.Path] = terms;
            }

            return terms;
        }
    }

    public double? Number(string field) =>
        source.Find(field) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public string? Text(string field) => source.Find(field) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}

/// <summary>The documents that searches see, with the terms of each text field looked up by document.</summary>
internal sealed class StubReader(StubMapping mapping, StubDocument[] documents)
{
    private readonly Dictionary<string, StubPostings> _postings = [];
    private readonly Dictionary<string, StubDocument[]> _sorted = [];

    public StubMapping Mapping => mapping;

    public StubDocument[] Documents => documents;

    /// <summary>All documents in ascending order of a keyword, worked out once: a test reads a whole index page by page.</summary>
    public StubDocument[] SortedBy(string source)
    {
        lock (_postings)
        {
            if (!_sorted.TryGetValue(source, out var sorted))
            {
                _sorted[source] = sorted = [.. documents.OrderBy(document => document.Text(source), StringComparer.Ordinal)];
            }

            return sorted;
        }
    }

    public StubPostings Postings(StubField field)
    {
        lock (_postings)
        {
            if (!_postings.TryGetValue(field.Path, out var postings))
            {
                _postings[field.Path] = postings = new StubPostings(field, documents);
            }

            return postings;
        }
    }
}

/// <summary>Which documents have a term, how often, and how long their fields are.</summary>
internal sealed class StubPostings
{
    public StubPostings(StubField field, StubDocument[] documents)
    {
        foreach (var document in documents)
        {
            var terms = document.Terms(field);
            if (terms.Count > 0)
            {
                Lengths[document] = terms.Count;
                foreach (var term in terms)
                {
                    var those = Documents.TryGetValue(term, out var known) ? known : Documents[term] = [];
                    those[document] = those.GetValueOrDefault(document) + 1;
                }
            }
        }

        AverageLength = Lengths.Count == 0 ? 1 : Lengths.Values.Average();
    }

    public Dictionary<string, Dictionary<StubDocument, int>> Documents { get; } = new(StringComparer.Ordinal);

    public Dictionary<StubDocument, int> Lengths { get; } = [];

    public double AverageLength { get; }

    /// <summary>Lucene's BM25 since version 8: k1 = 1.2, b = 0.75, without the constant factor k1 + 1.</summary>
    public double Score(string term, StubDocument document)
    {
        if (!Documents.TryGetValue(term, out var those) || !those.TryGetValue(document, out var frequency))
        {
            return 0;
        }

        var idf = Math.Log(1 + ((Lengths.Count - those.Count + 0.5) / (those.Count + 0.5)));
        return idf * frequency / (frequency + (1.2 * (0.25 + (0.75 * Lengths[document] / AverageLength))));
    }
}
