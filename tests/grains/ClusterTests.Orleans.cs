using Orleans.TestingHost;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.Grains.Tests;

/// <summary>Three Microsoft Orleans silos in this process, of which one dies, stops, or joins late; grain state outlives them, as in a database.</summary>
public sealed class ClusterTests
{
    private const short Silos = 3;
    private const int Users = 90;

    [Fact]
    public async Task ApplyAndFlush_OneOfThreeSilosDiesBetween_ReplayMakesEveryTotalExact()
    {
        await using var fixture = await GrainFixture.StartAsync(silos: Silos);
        var ids = Enumerable.Range(0, Users).Select(u => $"user_{u}").ToList();

        // A checkpoint, then more events that no checkpoint covers when the silo dies.
        foreach (var id in ids)
        {
            await ApplyAsync(fixture, id, after: -1, first: 0, events: 3);
            Assert.True(await User(fixture, id).FlushAsync(0, 2));
            await ApplyAsync(fixture, id, after: 2, first: 3, events: 4);
        }

        await KillAsync(fixture, fixture.Cluster.Silos[1]);

        var lost = 0;
        foreach (var id in ids)
        {
            // What ingest does: a no sends the partition back to its last commit, that is offset 3.
            if (!await RetryAsync(() => User(fixture, id).FlushAsync(0, 6)))
            {
                lost++;
                await RetryAsync(() => ApplyAsync(fixture, id, after: 2, first: 3, events: 4));
                Assert.True(await User(fixture, id).FlushAsync(0, 6));
            }
        }

        Assert.InRange(lost, 1, Users - 1);
        foreach (var id in ids)
        {
            Assert.Equal(7, (await User(fixture, id).GetStatsAsync())!.Totals.View);
        }
    }

    [Fact]
    public async Task Reads_OneOfThreeSilosStopsInOrder_AreAnsweredWithWhatTheGrainsKnew()
    {
        await using var fixture = await GrainFixture.StartAsync(silos: Silos);
        for (var u = 0; u < Users; u++)
        {
            await ApplyAsync(fixture, $"user_{u}", after: -1, first: 0, events: 2);
        }

        using var stop = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            var reads = 0;
            for (var u = reader; !stop.IsCancellationRequested; u = (u + 1) % Users)
            {
                Assert.Equal(2, (await RetryAsync(() => User(fixture, $"user_{u}").GetStatsAsync()))!.Totals.View);
                reads++;
            }

            return reads;
        })));
        await fixture.Cluster.StopSiloAsync(fixture.Cluster.Silos[2], TestContext.Current.CancellationToken).Within("the silo stops");
        await stop.CancelAsync();

        // State that no flush had made durable went along: a stopping silo writes its grains' state before it lets them go.
        Assert.All(await reading.Within("the readers end"), reads => Assert.True(reads > 0));
    }

    [Fact]
    public async Task AlsGrain_ItsSiloDies_AnotherGoesOnWithTheModelAndTrains()
    {
        await using var fixture = await GrainFixture.StartAsync(training: AlsGrainTests.Small, silos: Silos);
        await AlsGrainTests.FillAsync(fixture);
        var first = await AlsGrainTests.TrainAsync(fixture);
        Assert.Equal(1, first.Published!.Version);

        var grain = fixture.Grains.GetGrain<IAlsGrain>(0);
        var at = await AddressAsync(fixture, grain);
        await KillAsync(fixture, fixture.Cluster.GetSiloForAddress(at!)!);

        var status = await RetryAsync(grain.GetStatusAsync);
        Assert.Equal(first.Published, status.Published);
        Assert.NotEqual(at, await AddressAsync(fixture, grain));
        Assert.NotNull(await grain.GetFactorsAsync(1, 0, 10));

        // Rows of shards that lived on the dead silo were not flushed; what is left is trained on.
        await AlsGrainTests.FillAsync(fixture);
        Assert.Equal(2, (await AlsGrainTests.TrainAsync(fixture, force: true)).Published!.Version);
    }

    [Fact]
    public async Task Grain_MovedToAnotherSilo_KeepsWhatNoFlushHadMadeDurable()
    {
        await using var fixture = await GrainFixture.StartAsync(silos: Silos);
        await ApplyAsync(fixture, "mover", after: -1, first: 0, events: 5);
        var user = User(fixture, "mover");

        var to = await MoveAsync(fixture, user);

        Assert.True(await user.FlushAsync(0, 4));
        Assert.Equal(5, (await user.GetStatsAsync())!.Totals.View);
        Assert.Equal(to, await AddressAsync(fixture, user));
    }

    [Fact]
    public async Task Grain_MovedWhileItCannotBeWritten_DoesNotConfirmWhatTheMoveLost()
    {
        await using var fixture = await GrainFixture.StartAsync(silos: Silos);
        var user = User(fixture, "mover");
        await ApplyAsync(fixture, "mover", after: -1, first: 0, events: 3);
        Assert.True(await user.FlushAsync(0, 2));
        await ApplyAsync(fixture, "mover", after: 2, first: 3, events: 2);
        fixture.Storage.FailsWrite = id => id.Contains("mover", StringComparison.Ordinal);

        await MoveAsync(fixture, user);

        Assert.False(await user.FlushAsync(0, 4));
        Assert.Equal(3, (await user.GetStatsAsync())!.Totals.View);
    }

    private static async Task<SiloAddress> MoveAsync(GrainFixture fixture, IUserGrain user)
    {
        var from = await AddressAsync(fixture, user);
        var to = fixture.Cluster.Silos.First(silo => !silo.SiloAddress.Equals(from)).SiloAddress;
        await fixture.Cluster.MigrateAsync(user, to).Within("the grain moves");
        return to;
    }

    /// <summary>Where the grain lives, told by the silos themselves: what a directory answers may be remembered from before a move.</summary>
    private static async Task<SiloAddress?> AddressAsync(GrainFixture fixture, IAddressable grain)
    {
        var living = await RetryAsync(() => fixture.Grains.GetGrain<IManagementGrain>(0)
            .GetDetailedGrainStatistics(types: null, hostsIds: null, TestContext.Current.CancellationToken));
        return living.SingleOrDefault(activation => activation.GrainId == grain.GetGrainId())?.SiloAddress;
    }

    private static IUserGrain User(GrainFixture fixture, string id) => fixture.Grains.GetGrain<IUserGrain>(id);

    private static async Task<ApplyOutcome> ApplyAsync(GrainFixture fixture, string id, long after, long first, int events) =>
        await User(fixture, id).ApplyAsync(fixture.UserSlice(
            after, [.. Enumerable.Range(0, events).Select(e => fixture.UserEvent(first + e, EventType.View, $"p{e}"))]));

    private static async Task KillAsync(GrainFixture fixture, InProcessSiloHandle silo)
    {
        await fixture.Cluster.KillSiloAsync(silo).Within("the silo is killed");
        await fixture.Cluster.WaitForLivenessToStabilizeAsync(didKill: true).Within("the others notice", TimeSpan.FromMinutes(1));
    }

    /// <summary>
    /// As a gateway does: a call that was on its way to the dead silo, or passing through the stopping one, is sent again. Some are refused, of others
    /// nothing is heard; every call that is retried here may arrive twice.
    /// </summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call().Within("the call is answered", TimeSpan.FromSeconds(5));
            }
            catch (Exception lost) when (attempt < 10 && lost is TimeoutException or OrleansMessageRejectionException)
            {
                // Sent again.
            }
        }
    }
}
