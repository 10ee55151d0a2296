using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Ports;
using Reco.Silo.Hosting;
using Reco.Silo.Searching;
using Reco.Testing;

namespace Reco.Silo.Tests.Searching;

/// <summary>Through the whole application, put together and not started.</summary>
public sealed class SearchChoiceTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task SearchIndex_WithoutAnAddress_IsTheEmbeddedOne()
    {
        await using var app = Build();
        Assert.IsType<EmbeddedSearchIndex>(app.Services.GetRequiredService<ISearchIndex>());
    }

    [Fact]
    public async Task SearchIndex_WithAnAddress_IsElasticsearchWithTheEmbeddedOneBehindIt()
    {
        await using var app = Build(("Elasticsearch:Url", "http://127.0.0.1:9"));
        var search = Assert.IsType<FallbackSearch>(app.Services.GetRequiredService<ISearchIndex>());
        Assert.True(search.IsBehind);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("Elasticsearch:Url", "127.0.0.1:9200", "Elasticsearch:Url")]
    [InlineData("Elasticsearch:SearchTimeoutSeconds", "0", "SearchTimeoutSeconds")]
    [InlineData("Elasticsearch:Adress", "x", "Adress")]
    public async Task Start_WrongSetting_NamesIt(string key, string value, string named)
    {
        var thrown = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var app = Build(("Elasticsearch:Url", "http://127.0.0.1:9"), (key, value));
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        });
        Assert.Contains(named, thrown.Message, StringComparison.Ordinal);
    }

    private WebApplication Build(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Embedded:DataFolder"] = _temp.Path };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return RecoApplication.Build(all);
    }
}
