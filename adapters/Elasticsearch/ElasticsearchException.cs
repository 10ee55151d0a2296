using System.Net;

namespace Reco.Adapters.Elasticsearch;

/// <summary>Elasticsearch could not be reached, or refused what it was asked.</summary>
public sealed class ElasticsearchException(string message, HttpStatusCode? status = null, string? type = null, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>What it answered; null when it did not.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>The kind of error as Elasticsearch names it: "index_not_found_exception".</summary>
    public string? Type { get; } = type;

    /// <summary>Whether the same request may be answered later: nothing is wrong with it.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
