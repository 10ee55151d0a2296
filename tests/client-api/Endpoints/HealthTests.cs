using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.ClientApi.Tests.Hosting;

namespace Reco.ClientApi.Tests.Endpoints;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_NoChecks_IsHealthy()
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.Equal("""{"status":"healthy","checks":[]}""", await host.GetAsync("/health/live"));
        JsonAsserts.Equal("""{"status":"healthy","checks":[]}""", await host.GetAsync("/health/ready"));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, HttpStatusCode.OK, "healthy")]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK, "degraded")]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable, "unhealthy")]
    public async Task Ready_OneCheck_DecidesTheStatusAndIsNamed(HealthStatus status, HttpStatusCode expected, string name)
    {
        await using var host = await ApiHost.StartAsync(services: services => services.AddHealthChecks()
            .AddCheck("journal", () => new HealthCheckResult(status, "the disk is full"))
            .AddCheck("process", () => HealthCheckResult.Healthy(), tags: ["live"]));

        var ready = await host.GetAsync("/health/ready", expected);
        Assert.Equal(name, ready.GetProperty("status").GetString());
        Assert.Equal(["journal", "process"], ready.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.Equal(name, ready.GetProperty("checks")[0].GetProperty("status").GetString());
        Assert.Equal("the disk is full", ready.GetProperty("checks")[0].GetProperty("detail").GetString());
        Assert.Equal("Works.", ready.GetProperty("checks")[1].GetProperty("detail").GetString());

        var live = await host.GetAsync("/health/live");
        Assert.Equal("process", Assert.Single(live.GetProperty("checks").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Live_ItsCheckFails_IsUnavailable()
    {
        await using var host = await ApiHost.StartAsync(services: services => services.AddHealthChecks()
            .AddCheck("process", () => HealthCheckResult.Unhealthy(), tags: ["live"]));

        Assert.Equal("unhealthy", (await host.GetAsync("/health/live", HttpStatusCode.ServiceUnavailable)).GetProperty("status").GetString());
    }
}
