using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Silo.Health;
using Reco.Silo.Tests.Ingest;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Silo.Tests.Support;

namespace Reco.Silo.Tests.Health;

public sealed class HealthCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_PartitionsOwned_IsHealthyAndSaysTheLag()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 3);
        await harness.AppliedAsync();
        var answer = await CheckAsync(harness);
        Assert.Equal((HealthStatus.Healthy, "3 partitions, lag 0"), (answer.Status, answer.Description));
    }

    [Fact]
    public async Task Ingest_NoPartition_IsUnhealthy()
    {
        await using var harness = await IngestHarness.StartedAsync();
        await harness.Log.RevokeAsync(0);
        var answer = await CheckAsync(harness);
        Assert.Equal(HealthStatus.Unhealthy, answer.Status);
        Assert.Contains("no partition", answer.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_PartitionFails_IsUnhealthyAndSaysWhichAndWhyUntilItIsWellAgain()
    {
        await using var harness = await IngestHarness.StartedAsync();
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.FailBefore);
        await harness.AppendAsync(Events.View("1", "ann", "cup"));
        await harness.FailureAsync();
        var answer = await CheckAsync(harness);
        Assert.Equal(HealthStatus.Unhealthy, answer.Status);
        Assert.Contains("partition 0: a grain call failed: user/ann was made to fail", answer.Description, StringComparison.Ordinal);
        harness.Grains.OnApply = _ => Task.FromResult(CallFault.None);
        await harness.SettleAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(harness)).Status);
    }

    [Theory]
    [InlineData(0, HealthStatus.Degraded, "PUT /admin/products")]
    [InlineData(7, HealthStatus.Healthy, "7 products")]
    public async Task Catalogue_SoManyProducts_SaysSo(int products, HealthStatus status, string sentence)
    {
        var answer = await new CatalogueHealthCheck(new MemoryCatalogue(products)).CheckHealthAsync(new HealthCheckContext(), Cancel);
        Assert.Equal(status, answer.Status);
        Assert.Contains(sentence, answer.Description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> CheckAsync(IngestHarness harness) =>
        new IngestHealthCheck(harness.Service).CheckHealthAsync(new HealthCheckContext(), Cancel);
}
