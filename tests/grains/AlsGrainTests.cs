using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Testing;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Grains.Tests;

public sealed class AlsGrainTests
{
    [Fact]
    public async Task StartTraining_NoRows_SaysTooLittle()
    {
        await using var fixture = await GrainFixture.StartAsync();

        var status = await TrainAsync(fixture);

        Assert.Equal(TrainingOutcome.TooLittleData, status.LastOutcome);
        Assert.Null(status.Published);
    }

    [Fact]
    public async Task StartTraining_Rows_PublishesAndServesAtOnce()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);

        var status = await TrainAsync(fixture);

        Assert.Equal(TrainingOutcome.Published, status.LastOutcome);
        Assert.Equal(1, status.Published!.Version);
        Assert.Equal(60, status.Published.Users);
        Assert.Equal(20, status.Published.Items);
        Assert.Equal(1, fixture.Models.Current!.Version);
    }

    [Fact]
    public async Task StartTraining_NothingChanged_IsSkippedUnlessForced()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);
        await TrainAsync(fixture);

        Assert.Equal(TrainingOutcome.Unchanged, (await TrainAsync(fixture)).LastOutcome);
        Assert.Equal(2, (await TrainAsync(fixture, force: true)).Published!.Version);
    }

    [Fact]
    public async Task Timer_FirstModelThenInterval_TrainsByItself()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);
        var grain = fixture.Grains.GetGrain<IAlsGrain>(0);
        await grain.GetStatusAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await Deadline.Until(async () => (await grain.GetStatusAsync()).LastRun == 1, "the first run");
        Assert.Equal(1, (await grain.GetStatusAsync()).Published!.Version);

        await ReplaceRowAsync(fixture, "u0", ["p0"], [9f]);
        var firstRun = fixture.Time.GetUtcNow();
        await Deadline.Until(
            async () =>
            {
                // Check by check: the timer may not be set anew yet when the clock moves.
                fixture.Time.Advance(TimeSpan.FromSeconds(5));
                return (await grain.GetStatusAsync()).LastRun == 2;
            },
            "the run after the interval");
        Assert.InRange(fixture.Time.GetUtcNow() - firstRun, TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(5), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task GetStatus_ModelNotYetWritten_StillShowsTheOneBefore()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);
        await TrainAsync(fixture);
        var (asked, write) = (new TaskCompletionSource(), new TaskCompletionSource());
        fixture.Storage.BeforeWrite = id =>
        {
            asked.TrySetResult();
            return id.Contains("als", StringComparison.OrdinalIgnoreCase) ? write.Task : Task.CompletedTask;
        };

        var grain = fixture.Grains.GetGrain<IAlsGrain>(0);
        await grain.StartTrainingAsync(force: true);
        await asked.Task.Within("the write of the second model");
        Assert.Equal(1, (await grain.GetStatusAsync()).Published!.Version);

        write.SetResult();
        await Deadline.Until(async () => (await grain.GetStatusAsync()).LastRun == 2, "the second run");
        Assert.Equal(2, (await grain.GetStatusAsync()).Published!.Version);
    }

    [Fact]
    public async Task Restart_PublishedModel_ServesBeforeAnyRun()
    {
        var storage = new FaultyStorage();
        await using (var fixture = await GrainFixture.StartAsync(storage, Small))
        {
            await FillAsync(fixture);
            await TrainAsync(fixture);
        }

        await using var again = await GrainFixture.StartAsync(storage, Small);
        var status = await again.Grains.GetGrain<IAlsGrain>(0).GetStatusAsync();

        Assert.Equal(1, status.Published!.Version);
        Assert.Equal(1, again.Models.Current!.Version);
    }

    [Fact]
    public async Task StartTraining_StateCannotBeWritten_FailsAndKeepsTheOldModel()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);
        await TrainAsync(fixture);
        fixture.Storage.FailsWrite = id => id.Contains("als", StringComparison.OrdinalIgnoreCase);

        var status = await TrainAsync(fixture, force: true);

        Assert.Equal(TrainingOutcome.Failed, status.LastOutcome);
        Assert.Equal(1, status.Published!.Version);
        Assert.Equal(1, fixture.Models.Current!.Version);
    }

    [Fact]
    public async Task FetchAsync_InChunks_GivesTheSameModel()
    {
        await using var fixture = await GrainFixture.StartAsync(training: Small);
        await FillAsync(fixture);
        await TrainAsync(fixture);
        var grain = fixture.Grains.GetGrain<IAlsGrain>(0);

        var fetched = await FactorChunks.FetchAsync(grain, 1);
        var chunk = await grain.GetFactorsAsync(1, 15, 10);

        Assert.Equal(fixture.Models.Current!.Items.Values.ToArray(), fetched!.Items.Values.ToArray());
        Assert.Equal(fixture.Models.Current.ProductIds, fetched.ProductIds);
        Assert.Equal(5, chunk!.ProductIds.Length);
        Assert.Null(await FactorChunks.FetchAsync(grain, 2));
    }

    internal static void Small(Core.Training.TrainingOptions options)
    {
        options.Als.Factors = 8;
        options.Als.Iterations = 4;
    }

    internal static async Task<ModelStatus> TrainAsync(GrainFixture fixture, bool force = false)
    {
        var grain = fixture.Grains.GetGrain<IAlsGrain>(0);
        var run = await grain.StartTrainingAsync(force);
        await Deadline.Until(async () => (await grain.GetStatusAsync()).LastRun >= run, "the training run");
        return await grain.GetStatusAsync();
    }

    /// <summary>Even users deal with even products, odd ones with odd products, six each of ten.</summary>
    internal static async Task FillAsync(GrainFixture fixture)
    {
        for (var user = 0; user < 60; user++)
        {
            await ReplaceRowAsync(
                fixture,
                $"u{user}",
                [.. Enumerable.Range(0, 6).Select(i => $"p{(((user / 2) + i) % 10 * 2) + (user % 2)}")],
                [.. Enumerable.Repeat(2f, 6)]);
        }
    }

    private static Task ReplaceRowAsync(GrainFixture fixture, string user, string[] products, float[] weights) =>
        fixture.Grains.GetGrain<IInteractionShardGrain>(StableHash.Bucket(user, InteractionShards.Count)).ReplaceRowAsync(
            new InteractionRow { UserId = user, ProductIds = products, Weights = weights });
}
