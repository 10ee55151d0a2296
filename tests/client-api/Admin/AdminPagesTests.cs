using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Reco.ClientApi.Admin;

namespace Reco.ClientApi.Tests.Admin;

public sealed class AdminPagesTests
{
    private const string Key = "correct horse: battery";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Basic anyone:correct horse: battery", HttpStatusCode.OK)]
    [InlineData("Basic :correct horse: battery", HttpStatusCode.OK)]
    [InlineData("Basic anyone:wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic correct horse battery", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer anyone:correct horse: battery", HttpStatusCode.Unauthorized)]
    public async Task Page_KeyAsThePasswordOfALogin_LetsIn(string? login, HttpStatusCode expected)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/pages/anything");
        if (login is not null)
        {
            var space = login.IndexOf(' ', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation("Authorization", login[..space] + " " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login[(space + 1)..])));
        }

        var response = await app.GetTestClient().SendAsync(request, Cancelled);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Basic"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic not base 64!")]
    public async Task Page_LoginIsNoLogin_IsRefusedAndNothingBreaks(string header)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/pages/anything");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetTestClient().SendAsync(request, Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("/PAGES/anything", HttpStatusCode.Unauthorized)]
    [InlineData("/pages", HttpStatusCode.Unauthorized)]
    [InlineData("/pagesque", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    public async Task Gate_IsForItsPathOnly(string path, HttpStatusCode expected)
    {
        await using var app = await StartAsync();

        Assert.Equal(expected, (await app.GetTestClient().GetAsync(new Uri(path, UriKind.Relative), Cancelled)).StatusCode);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Services.Configure<AdminOptions>(options => options.Key = Key);
        var app = builder.Build();
        app.UseAdminGate("/pages");
        app.Run(context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.OK;
            return Task.CompletedTask;
        });
        await app.StartAsync(Cancelled);
        return app;
    }
}
