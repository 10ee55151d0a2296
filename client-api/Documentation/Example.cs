namespace Reco.ClientApi.Documentation;

/// <summary>How an endpoint is tried out, for the index page.</summary>
/// <param name="Url">Path and query.</param>
/// <param name="Body">A JSON body, if it takes one.</param>
internal sealed record Example(string Url, string? Body = null);
