using System.Net;
using System.Text.Json;
using Reco.ClientApi.Tests.Hosting;
using Reco.Core.Catalogue;

namespace Reco.ClientApi.Tests.Admin;

public sealed class ProductsTests
{
    private static string Product(string id, string rest = "") => $$"""{"id":"{{id}}","name":"Name","category":"cat","price":1.5{{rest}}}""";

    private static string List(params string[] products) => $"{{\"products\":[{string.Join(",", products)}]}}";

    [Fact]
    public async Task Products_AllValid_AreUpserted()
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.SendAsync(
            HttpMethod.Put, "/admin/products", List(Product("p-1", ",\"brand\":\"Swift\",\"stock\":0"), Product("p-2", ",\"brand\":null,\"stock\":null")));

        JsonAsserts.Equal("""{"upserted":2}""", answer);
        Assert.Equal(
            [
                new Product { Id = "p-1", Name = "Name", Category = "cat", Brand = "Swift", Price = 1.5m, Stock = 0 },
                new Product { Id = "p-2", Name = "Name", Category = "cat", Price = 1.5m },
            ],
            host.Catalogue.Products.OrderBy(product => product.Id));
    }

    [Fact]
    public async Task Products_AsTheyAreAnswered_CanBePutBack()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Catalogue.UpsertAsync([Samples.Shoes, Samples.Lamp], TestContext.Current.CancellationToken);

        var shoes = (await host.GetAsync("/products/p-1")).GetRawText();
        var lamp = (await host.GetAsync("/products/p-2")).GetRawText();
        await host.SendAsync(HttpMethod.Put, "/admin/products", List(shoes, lamp));

        Assert.Equal([Samples.Shoes, Samples.Lamp], host.Catalogue.Products.OrderBy(product => product.Id));
    }

    [Theory]
    [InlineData("""{"name":"n","category":"c","price":1}""", "id", "required")]
    [InlineData("""{"id":"p","category":"c","price":1}""", "name", "required")]
    [InlineData("""{"id":"p","name":"  ","category":"c","price":1}""", "name", "required")]
    [InlineData("""{"id":"p","name":"n","price":1}""", "category", "required")]
    [InlineData("""{"id":"p","name":"n","category":"c"}""", "price", "required")]
    [InlineData("""{"id":7,"name":"n","category":"c","price":1}""", "id", "string")]
    [InlineData("""{"id":"p","name":"a\u0000","category":"c","price":1}""", "name", "control")]
    [InlineData("""{"id":"p","name":"n","category":"c","price":-0.01}""", "price", "from 0")]
    [InlineData("""{"id":"p","name":"n","category":"c","price":"1"}""", "price", "number")]
    [InlineData("""{"id":"p","name":"n","category":"c","price":1,"stock":-1}""", "stock", "from 0")]
    [InlineData("""{"id":"p","name":"n","category":"c","price":1,"stock":1.5}""", "stock", "whole")]
    [InlineData("""{"id":"p","name":"n","category":"c","price":1,"brand":[]}""", "brand", "string")]
    [InlineData("""{"id":"first","name":"n","category":"c","price":1}""", "id", "product 0")]
    [InlineData("7", "", "object")]
    public async Task Products_OneInvalid_NamesItAndTakesNone(string product, string field, string rule)
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.SendAsync(
            HttpMethod.Put, "/admin/products", List(Product("first"), product, Product("last")), HttpStatusCode.BadRequest);

        var rejected = Assert.Single(problem.GetProperty("rejected").EnumerateArray());
        Assert.Equal(1, rejected.GetProperty("index").GetInt32());
        Assert.Equal(field, rejected.GetProperty("field").GetString());
        Assert.Contains(rule, rejected.GetProperty("error").GetString());
        Assert.Empty(host.Catalogue.Products);
    }

    [Fact]
    public async Task Products_LongestTexts_AreTakenAndOneCharacterMoreIsNot()
    {
        await using var host = await ApiHost.StartAsync();

        await host.SendAsync(HttpMethod.Put, "/admin/products", List(Sized(0)));
        var problem = await host.SendAsync(HttpMethod.Put, "/admin/products", List(Sized(1)), HttpStatusCode.BadRequest);

        Assert.Equal(
            ["brand", "category", "id", "name"],
            problem.GetProperty("rejected").EnumerateArray().Select(rejected => rejected.GetProperty("field").GetString()));

        static string Sized(int more) => JsonSerializer.Serialize(new
        {
            id = new string('i', 128 + more),
            name = new string('n', 256 + more),
            category = new string('c', 128 + more),
            brand = new string('b', 128 + more),
            price = 1,
        });
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(1_000, HttpStatusCode.OK)]
    [InlineData(1_001, HttpStatusCode.BadRequest)]
    public async Task Products_HowMany_IsBounded(int count, HttpStatusCode expected)
    {
        await using var host = await ApiHost.StartAsync();

        await host.SendAsync(
            HttpMethod.Put, "/admin/products", List([.. Enumerable.Range(0, count).Select(number => Product($"p-{number}"))]), expected);

        Assert.Equal(expected == HttpStatusCode.OK ? count : 0, host.Catalogue.Products.Count);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"products":{}}""")]
    [InlineData("[]")]
    [InlineData("{\"products\":[")]
    public async Task Products_NoList_IsABadRequest(string body)
    {
        await using var host = await ApiHost.StartAsync();

        await host.SendAsync(HttpMethod.Put, "/admin/products", body, HttpStatusCode.BadRequest);
    }
}
