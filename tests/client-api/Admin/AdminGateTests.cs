using System.Net;
using Microsoft.Extensions.Options;
using Reco.ClientApi.Tests.Hosting;

namespace Reco.ClientApi.Tests.Admin;

public sealed class AdminGateTests
{
    private const string Key = "correct horse battery";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/admin/model")]
    [InlineData("POST", "/admin/retrain")]
    [InlineData("PUT", "/admin/products")]
    [InlineData("GET", "/db-tuning/table-stats")]
    public async Task Admin_KeyConfigured_IsUnauthorizedWithoutIt(string method, string url)
    {
        await using var host = await ApiHost.StartAsync(new() { ["Admin:Key"] = Key });

        await host.SendAsync(new HttpMethod(method), url, method == "PUT" ? "{}" : null, HttpStatusCode.Unauthorized);
        Assert.Empty(host.Grains.Asked);
    }

    [Theory]
    [InlineData(Key, HttpStatusCode.OK)]
    [InlineData("correct horse batterz", HttpStatusCode.Unauthorized)]
    [InlineData("correct horse battery ever", HttpStatusCode.Unauthorized)]
    [InlineData("Correct Horse Battery", HttpStatusCode.Unauthorized)]
    public async Task Admin_KeySent_MustBeExactlyThatKey(string offered, HttpStatusCode expected)
    {
        // From far away: the key alone decides.
        await using var host = await ApiHost.StartAsync(new() { ["Admin:Key"] = Key }, remote: IPAddress.Parse("203.0.113.9"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/model");
        request.Headers.Add("X-Admin-Key", offered);

        await ApiHost.ReadAsync(await host.Client.SendAsync(request, Cancelled), expected);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("127.8.9.1", HttpStatusCode.OK)]
    [InlineData("::1", HttpStatusCode.OK)]
    [InlineData("::ffff:127.0.0.2", HttpStatusCode.OK)]
    [InlineData("203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("::ffff:203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", HttpStatusCode.Forbidden)]
    public async Task Admin_NoKey_AnswersThisMachineOnly(string remote, HttpStatusCode expected)
    {
        await using var host = await ApiHost.StartAsync(new() { ["Admin:Key"] = "" }, remote: IPAddress.Parse(remote));

        await host.GetAsync("/admin/model", expected);
        await host.GetAsync("/recommendations/u");
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    public async Task Admin_NoKeyForwardedByALocalProxy_IsForbidden(string header)
    {
        await using var host = await ApiHost.StartAsync(remote: IPAddress.Loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/model");
        request.Headers.Add(header, "203.0.113.9");

        await ApiHost.ReadAsync(await host.Client.SendAsync(request, Cancelled), HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("Api:RequestTimeoutSeconds", "0")]
    [InlineData("Api:LiveClientsMax", "0")]
    [InlineData("Api:LiveClientsMax", "10001")]
    [InlineData("Api:Unknown", "1")]
    [InlineData("Admin:Password", "x")]
    public async Task Start_BadSetting_IsRefused(string name, string value)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => ApiHost.StartAsync(new() { [name] = value }));

        Assert.True(refusal is OptionsValidationException or InvalidOperationException, refusal.ToString());
        Assert.Contains(name.Split(':')[1], refusal.Message);
    }

    [Fact]
    public void Options_Defaults_AreTheStatedOnes()
    {
        Assert.Equal(35, new ApiOptions().RequestTimeoutSeconds);
        Assert.Equal(100, new ApiOptions().LiveClientsMax);
        Assert.Null(new Reco.ClientApi.Admin.AdminOptions().Key);
    }
}
