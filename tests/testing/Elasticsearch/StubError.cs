namespace Reco.Testing.Elasticsearch;

/// <summary>What Elasticsearch answers to a request that it does not take.</summary>
internal sealed class StubError(int status, string type, string reason) : Exception(reason)
{
    public int Status => status;

    public string Type => type;

    public static StubError Parsing(string reason) => new(400, "parsing_exception", reason);

    public static StubError Argument(string reason) => new(400, "illegal_argument_exception", reason);

    public static StubError NoIndex(string name) => new(404, "index_not_found_exception", $"no such index [{name}]");
}
