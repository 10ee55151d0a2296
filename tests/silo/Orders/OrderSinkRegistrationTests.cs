using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reco.Silo.Health;
using Reco.Silo.Hosting;
using Reco.Silo.Options;
using Reco.Silo.Orders;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Orders;

/// <summary>Through the whole application, put together and not started; and what its health says.</summary>
public sealed class OrderSinkRegistrationTests : IDisposable
{
    private static readonly (string, string?) Postgres = ("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=reco;Database=reco");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Build_NoConnectionString_HasNoSink() =>
        Assert.DoesNotContain(Build().Services.GetServices<IHostedService>(), service => service is OrderSink);

    [Fact]
    public void Build_ConnectionString_HasASinkThatIsValid()
    {
        var services = Build(Postgres).Services;
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Single(services.GetServices<IHostedService>(), service => service is OrderSink);
    }

    [Fact]
    public void Default_OfEverySetting_IsAsDocumented()
    {
        var services = Build(Postgres).Services;
        var section = services.GetServices<OptionsSection>().Single(s => s.Name == "Orders");
        Assert.Equal(
            [
                "Group=reco-orders", "BatchRecordsMax=8192", "BatchDelayMilliseconds=500", "WritesInFlightMax=2", "CommitIntervalSeconds=5",
                "StopWaitSeconds=10", "RetryDelaySeconds=0.2", "RetryDelaySecondsMax=10",
            ],
            EffectiveOptionsLog.Describe(section.Read(services), ""));
    }

    [Theory]
    [InlineData("Group", "")]
    [InlineData("Group", "reco-ingest")]
    [InlineData("BatchRecordsMax", "0")]
    [InlineData("BatchDelayMilliseconds", "-1")]
    [InlineData("WritesInFlightMax", "0")]
    [InlineData("WritesInFlightMax", "65")]
    [InlineData("CommitIntervalSeconds", "0")]
    [InlineData("StopWaitSeconds", "61")]
    [InlineData("RetryDelaySeconds", "0")]
    [InlineData("RetryDelaySecondsMax", "0.1")]
    public void Start_OneFieldBroken_RefusesAndNamesIt(string key, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(
            () => Build(Postgres, ($"Orders:{key}", value)).Services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_UnknownKey_RefusesAndNamesIt() => Assert.Contains("Nonsense", Assert.Throws<InvalidOperationException>(
        () => Build(Postgres, ("Orders:Nonsense", "1")).Services.GetRequiredService<IStartupValidator>().Validate()).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Health_StoreAway_IsDegradedAndSaysWhyUntilItIsWellAgain()
    {
        await using var harness = await OrderHarness.StartedAsync(partitions: 2);
        Assert.Equal((HealthStatus.Healthy, "2 partitions, 0 records behind"), await CheckAsync(harness));
        harness.Store.OnAdd = _ => Task.FromResult(Fault.Before);
        await harness.AppendAsync(OrderSinkTests.Buys("p", 20));
        await harness.PumpAsync(() => harness.Sink.Failures.Count == 2, "the failures", TimeSpan.Zero);
        Assert.Equal(
            (HealthStatus.Degraded, "orders wait, 20 records behind: partitions 0,1: the store was made to fail"), await CheckAsync(harness));
        harness.Store.OnAdd = _ => Task.FromResult(Fault.None);
        await harness.SettleAsync();
        await harness.PumpAsync(() => harness.Sink.Failures.Count == 0, "recovery", TimeSpan.FromMilliseconds(50));
        Assert.Equal((HealthStatus.Healthy, "2 partitions, 0 records behind"), await CheckAsync(harness));
    }

    private static async Task<(HealthStatus Status, string? Sentence)> CheckAsync(OrderHarness harness)
    {
        var answer = await new OrdersHealthCheck(harness.Sink).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        return (answer.Status, answer.Description);
    }

    private WebApplication Build(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Embedded:DataFolder"] = _temp.Path };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return RecoApplication.Build(all);
    }
}
