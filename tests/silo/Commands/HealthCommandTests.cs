using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Reco.Silo.Commands;

namespace Reco.Silo.Tests.Commands;

public sealed class HealthCommandTests
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData(200, HealthCommand.Healthy)]
    [InlineData(503, HealthCommand.Unhealthy)]
    [InlineData(404, HealthCommand.Unhealthy)]
    public async Task Health_Answer_DecidesTheExitCodeAndIsRepeated(int status, int exitCode)
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($"asked {context.Request.Path}");
        });
        Assert.Equal(exitCode, await RunAsync("--url", server.Urls.Single() + "/health/ready"));
        var told = exitCode == HealthCommand.Healthy ? _out : _error;
        Assert.Equal($"{status} asked /health/ready{Environment.NewLine}", told.ToString());
    }

    [Fact]
    public async Task Health_AnswerThatNeverEnds_IsUnhealthyWithinTheTimeout()
    {
        await using var server = await StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        Assert.Equal(HealthCommand.Unhealthy, await RunAsync("--url", server.Urls.Single(), "--timeout", "0.2"));
        Assert.Contains("does not answer within 0.2 s", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_NobodyListens_IsUnhealthy()
    {
        Assert.Equal(HealthCommand.Unhealthy, await RunAsync("--url", $"http://127.0.0.1:{UnusedPort()}/"));
        Assert.Contains("does not answer", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--url", "silo:5000", "must be an http or https address")]
    [InlineData("--url", "health", "must be an http or https address")]
    [InlineData("--timeout", "0", "above 0 and at most 600")]
    [InlineData("--timeout", "601", "above 0 and at most 600")]
    [InlineData("--timeout", "soon", "soon")]
    public async Task Health_BadArgument_SaysWhich(string name, string value, string sentence)
    {
        Assert.NotEqual(HealthCommand.Healthy, await RunAsync(name, value));
        Assert.Contains(sentence, _error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static int UnusedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private Task<int> RunAsync(params string[] args) =>
        HealthCommand.Create().Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = _out, Error = _error }, TestContext.Current.CancellationToken);
}
