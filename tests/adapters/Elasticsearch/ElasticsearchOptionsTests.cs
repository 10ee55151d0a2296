using Reco.Adapters.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

public sealed class ElasticsearchOptionsTests
{
    public static TheoryData<string, Action<ElasticsearchOptions>> Broken => new()
    {
        { "Url", o => o.Url = "" },
        { "Url", o => o.Url = "localhost:9200" },
        { "Url", o => o.Url = "ftp://localhost" },
        { "Username", o => o.Url = "http://elastic:secret@localhost:9200" },
        { "Alias", o => o.Alias = "Products" },
        { "Alias", o => o.Alias = "" },
        { "OrdersIndex", o => o.OrdersIndex = "a b" },
        { "OrdersIndex", o => o.OrdersIndex = o.Alias },
        { "OrdersIndex", o => o.OrdersIndex = "products-daily" },
        { "ApiKey", o => (o.ApiKey, o.Username) = ("k", "u") },
        { "Username", o => o.Password = "p" },
        { "CaCertificatePath", o => o.CaCertificatePath = "/nowhere/ca.pem" },
        { "ConnectTimeoutSeconds", o => o.ConnectTimeoutSeconds = 0 },
        { "RequestTimeoutSeconds", o => o.RequestTimeoutSeconds = 0 },
        { "SearchTimeoutSeconds", o => o.SearchTimeoutSeconds = 0 },
        { "RetriesMax", o => o.RetriesMax = -1 },
        { "RetryDelayMs", o => o.RetryDelayMs = 0 },
        { "RetryDelayMaxMs", o => o.RetryDelayMaxMs = 1 },
        { "ResponseBytesMax", o => o.ResponseBytesMax = 1 },
        { "BulkBytesMax", o => o.BulkBytesMax = 1 },
        { "BulkDocumentsMax", o => o.BulkDocumentsMax = 0 },
        { "Shards", o => o.Shards = 0 },
        { "Replicas", o => o.Replicas = -1 },
        { "PopularityWeight", o => o.PopularityWeight = -1 },
    };

    [Fact]
    public void Validate_DefaultsWithAUrl_AreValidAndWhatTheDesignSays()
    {
        var options = new ElasticsearchOptions { Url = "http://localhost:9200" };
        Assert.True(new ElasticsearchOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal(("products", "orders-daily"), (options.Alias, options.OrdersIndex));
        Assert.Equal("", new ElasticsearchOptions().Url);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_OneBrokenField_NamesIt(string field, Action<ElasticsearchOptions> breakIt)
    {
        var options = new ElasticsearchOptions { Url = "http://localhost:9200" };
        breakIt(options);
        var result = new ElasticsearchOptionsValidator().Validate(null, options);
        Assert.True(result.Failed);
        Assert.Contains(result.Failures, failure => failure.Contains(field, StringComparison.Ordinal));
    }
}
