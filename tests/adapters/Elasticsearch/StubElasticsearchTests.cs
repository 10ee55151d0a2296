using System.Net;
using System.Text;
using System.Text.Json;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

/// <summary>That the stub refuses what Elasticsearch refuses: without that, the tests on it would say nothing.</summary>
public sealed class StubElasticsearchTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private StubElasticsearch? _stub;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stub = await StubElasticsearch.StartAsync();
        using var elasticsearch = new TestElasticsearch(_stub.Url);
        await elasticsearch.Index.UpsertAsync([new() { Id = "a", Name = "lamp", Category = "C", Price = 1 }], Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await (_stub?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData("""{"qery":{"match_all":{}}}""")]
    [InlineData("""{"query":{"match_al":{}}}""")]
    [InlineData("""{"query":{"query_string":{"query":"a"}}}""")]
    [InlineData("""{"query":{"bool":{"shuld":[]}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","type":"most_field","fields":["name"]}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","type":"most_fields","fields":["nam"]}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","type":"most_fields","fields":["name"],"fuziness":"AUTO"}}}""")]
    [InlineData("""{"query":{"multi_match":{"query":"a","type":"most_fields","fields":["name"],"fuzziness":"auto-ish"}}}""")]
    [InlineData("""{"query":{"term":{"category":{"value":"C"}}}}""")]
    [InlineData("""{"query":{"range":{"price":{"min":1}}}}""")]
    [InlineData("""{"query":{"match_all":{}},"sort":[{"name":"asc"}]}""")]
    [InlineData("""{"query":{"match_all":{}},"sort":[{"product_id":"up"}]}""")]
    [InlineData("""{"from":9999,"size":2}""")]
    [InlineData("""{"size":1,"search_after":["a"]}""")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"category"}}}}""")]
    [InlineData("""{"aggs":{"a":{"range":{"field":"price","ranges":[{"low":1}]}}}}""")]
    [InlineData("""{"query":{"function_score":{"query":{"match_all":{}},"functions":[{}],"score_mode":"sum","boost_mode":"multiply"}}}""")]
    [InlineData("""{"query":""")]
    public async Task Search_WrongBody_IsRefused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Post, "products/_search", body));

    [Theory]
    [InlineData("POST", "products/_search?pretty_please=1", "{}", 400)]
    [InlineData("POST", "nowhere/_search", "{}", 404)]
    [InlineData("PATCH", "products/_search", "{}", 405)]
    [InlineData("PUT", "Upper", "{}", 400)]
    [InlineData("PUT", "products-000001", "{}", 400)]
    [InlineData("PUT", "other", """{"setings":{}}""", 400)]
    [InlineData("PUT", "other", """{"mappings":{"properties":{"a":{"type":"text","analyzer":"missing"}}}}""", 400)]
    [InlineData("PUT", "other", """{"mappings":{"properties":{"a":{"type":"txt"}}}}""", 400)]
    [InlineData("DELETE", "products", null, 400)]
    [InlineData("POST", "_aliases", """{"actions":[{"remove":{"index":"products-000001","alias":"other"}}]}""", 404)]
    [InlineData("POST", "_aliases", """{"actions":[{"add":{"index":"nowhere","alias":"products"}}]}""", 404)]
    [InlineData("PUT", "products-000001/_settings", """{"index":{"number_of_shards":2}}""", 400)]
    public async Task Call_WrongRequest_IsRefused(string method, string path, string? body, int status) =>
        Assert.Equal(status, (int)await SendAsync(new HttpMethod(method), path, body));

    [Fact]
    public async Task Bulk_WithoutItsContentTypeOrLastNewline_IsRefused()
    {
        Assert.Equal(406, (int)await SendAsync(HttpMethod.Post, "products/_bulk", "{\"delete\":{\"_id\":\"a\"}}\n"));
        Assert.Equal(400, (int)await SendAsync(HttpMethod.Post, "products/_bulk", "{\"delete\":{\"_id\":\"a\"}}", "application/x-ndjson"));
        Assert.Equal(200, (int)await SendAsync(HttpMethod.Post, "products/_bulk", "{\"delete\":{\"_id\":\"a\"}}\n", "application/x-ndjson"));
    }

    [Fact]
    public async Task Bulk_UnplannedField_RefusesTheItem()
    {
        using var content = new StringContent("{\"index\":{\"_id\":\"b\"}}\n{\"colour\":\"red\"}\n", Encoding.UTF8);
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await _http.PostAsync(new Uri(new Uri(_stub!.Url), "products/_bulk"), content, Token);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.True(answer.RootElement.GetProperty("errors").GetBoolean());
        Assert.Equal(
            "strict_dynamic_mapping_exception",
            answer.RootElement.GetProperty("items")[0].GetProperty("index").GetProperty("error").GetProperty("type").GetString());
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(_stub!.Url), path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new(type);
        }

        using var response = await _http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
