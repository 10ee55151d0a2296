namespace Reco.Adapters.Elasticsearch.Http;

/// <summary>How long to wait before each retry.</summary>
internal static class RetryDelays
{
    /// <summary>Doubles from the first delay on, at least what the server asks for, never beyond the longest.</summary>
    public static TimeSpan Before(int retry, TimeSpan? serverAsks, ElasticsearchOptions options)
    {
        var own = options.RetryDelayMs * Math.Pow(2, Math.Min(retry, 30));
        var wanted = Math.Max(own, serverAsks?.TotalMilliseconds ?? 0);
        return TimeSpan.FromMilliseconds(Math.Min(wanted, options.RetryDelayMaxMs));
    }
}
