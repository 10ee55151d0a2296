namespace Reco.Silo.Tests.Ingest;

public sealed class IngestServiceTests
{
    [Fact]
    public async Task Ingest_MixedTraffic_EveryGrainKnowsWhatTheLogSays()
    {
        await using var harness = await IngestHarness.StartedAsync(partitions: 3);
        await harness.AppendAsync(Events.Views("a", 20));
        await harness.AppendAsync(
            Events.Purchase("p", "bob", "cup", 3, 2.50m), Events.Search("s", "bob", "tea"), Events.View("v", "cyd", "pot"));
        await harness.SettleAsync();
        harness.AssertExact();
        Assert.Equal(23, harness.Service.AppliedEvents);
    }
}
