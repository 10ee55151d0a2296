using Reco.GrainInterfaces;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Grains.Tests;

public sealed class StorageKeyTests
{
    /// <summary>The texts are on disk: a data folder that one host wrote is read by the other.</summary>
    [Fact]
    public async Task Keys_OfStoredGrains_AreTheSameTextOnEitherHost()
    {
        const string UserId = "ü/1 2";
        await using var fixture = await GrainFixture.StartAsync();
        await fixture.Grains.GetGrain<IUserGrain>(UserId).ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p")));
        await fixture.Grains.GetGrain<IUserGrain>(UserId).FlushAsync(0, 0);
        await fixture.Grains.GetGrain<IProductGrain>("P-1").ApplyAsync(fixture.ProductSlice(0, -1, fixture.ProductEvent(0, EventType.View, "u")));
        await fixture.Grains.GetGrain<IProductGrain>("P-1").FlushAsync(0, 0);
        await fixture.Grains.GetGrain<ITrendingGrain>(0).FlushAsync();
        var shard = StableHash.Bucket(UserId, InteractionShards.Count);
        await fixture.Grains.GetGrain<IInteractionShardGrain>(shard).FlushAsync();

        Assert.Equal(
            [$"interactionshard/{shard:X}/interactions", "product/P-1/product", "trending/0/board", $"user/{UserId}/user"],
            fixture.Storage.Keys.Order(StringComparer.Ordinal));
    }
}
