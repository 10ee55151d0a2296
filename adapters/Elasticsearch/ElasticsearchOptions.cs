using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Reco.Adapters.Elasticsearch;

/// <summary>Product search in Elasticsearch 8 or 9. Section "Elasticsearch"; switched on by <see cref="Url"/>.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Elasticsearch";

    /// <summary>"http(s)://host:port": switches search from the embedded index to Elasticsearch. Empty: off.</summary>
    public string Url { get; set; } = "";

    /// <summary>Alias that is searched; the indices behind it are named after it. Lower case.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9_-]{0,99}$", ErrorMessage = "Alias must be lower-case letters, digits, - and _, at most 100.")]
    public string Alias { get; set; } = "products";

    /// <summary>Index of the daily order aggregates.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9_-]{0,99}$", ErrorMessage = "OrdersIndex must be lower-case letters, digits, - and _, at most 100.")]
    public string OrdersIndex { get; set; } = "orders-daily";

    /// <summary>Name to log in with; empty for none.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password to log in with.</summary>
    public string Password { get; set; } = "";

    /// <summary>Encoded API key to log in with, instead of a name and a password.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>File with the PEM certificates that the server's is checked against; empty takes the system's.</summary>
    public string CaCertificatePath { get; set; } = "";

    /// <summary>How long a connection may take to be made.</summary>
    [Range(0.1, 60)]
    public double ConnectTimeoutSeconds { get; set; } = 2;

    /// <summary>How long one request may take.</summary>
    [Range(0.1, 600)]
    public double RequestTimeoutSeconds { get; set; } = 30;

    /// <summary>How long a search may take, all its requests and retries included.</summary>
    [Range(0.1, 60)]
    public double SearchTimeoutSeconds { get; set; } = 2;

    /// <summary>How often a request that was answered 429, 502, 503 or 504, or not at all, is sent again.</summary>
    [Range(0, 20)]
    public int RetriesMax { get; set; } = 5;

    /// <summary>Wait before the first retry; it doubles with each. What the server asks for (Retry-After) wins when it is longer.</summary>
    [Range(1, 60_000)]
    public double RetryDelayMs { get; set; } = 100;

    /// <summary>Longest wait before a retry.</summary>
    [Range(1, 600_000)]
    public double RetryDelayMaxMs { get; set; } = 10_000;

    /// <summary>Largest answer that is read; a larger one is an error.</summary>
    [Range(64 << 10, 1 << 30)]
    public int ResponseBytesMax { get; set; } = 32 << 20;

    /// <summary>Largest body of a bulk request. Elasticsearch refuses more than 100 MB, and advises 5 to 15.</summary>
    [Range(64 << 10, 64 << 20)]
    public int BulkBytesMax { get; set; } = 5 << 20;

    /// <summary>Most documents of a bulk request.</summary>
    [Range(1, 50_000)]
    public int BulkDocumentsMax { get; set; } = 2_000;

    /// <summary>Primary shards of a product index. One holds tens of millions of products.</summary>
    [Range(1, 64)]
    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard.</summary>
    [Range(0, 5)]
    public int Replicas { get; set; } = 1;

    /// <summary>How much popularity raises a score: by this times ln(1 + popularity). 0 leaves relevance alone.</summary>
    [Range(0, 10)]
    public double PopularityWeight { get; set; } = 0.1;

    internal TimeSpan ConnectTimeout => TimeSpan.FromSeconds(ConnectTimeoutSeconds);

    internal TimeSpan RequestTimeout => TimeSpan.FromSeconds(RequestTimeoutSeconds);

    internal TimeSpan SearchTimeout => TimeSpan.FromSeconds(SearchTimeoutSeconds);
}

/// <summary>Checks every option, and what depends on two of them.</summary>
public sealed class ElasticsearchOptionsValidator : IValidateOptions<ElasticsearchOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ElasticsearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        var faults = found.Select(f => $"Elasticsearch: {f.ErrorMessage}").ToList();
        faults.AddRange(Address(options));
        if (options.ApiKey.Length > 0 && options.Username.Length > 0)
        {
            faults.Add("Elasticsearch:ApiKey and Username must not both be given: one of them logs in.");
        }

        if (options.Password.Length > 0 && options.Username.Length == 0)
        {
            faults.Add("Elasticsearch:Username must be given with the Password.");
        }

        if (options.CaCertificatePath.Length > 0 && !File.Exists(options.CaCertificatePath))
        {
            faults.Add($"Elasticsearch:CaCertificatePath: there is no file {options.CaCertificatePath}.");
        }

        if (options.RetryDelayMaxMs < options.RetryDelayMs)
        {
            faults.Add("Elasticsearch:RetryDelayMaxMs must not be below RetryDelayMs.");
        }

        if (options.OrdersIndex == options.Alias || options.OrdersIndex.StartsWith(options.Alias + "-", StringComparison.Ordinal))
        {
            faults.Add("Elasticsearch:OrdersIndex must not be named like the product indices, which are \"{Alias}-...\".");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Address(ElasticsearchOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return "Elasticsearch:Url must be like http://localhost:9200.";
        }
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0)
        {
            yield return "Elasticsearch:Url must not hold a name, a password or a query: use Username and Password, or ApiKey.";
        }
    }
}
