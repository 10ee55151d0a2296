using System.Text.Json;
using Reco.Core.Als;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;

namespace Reco.Grains.Tests;

/// <summary>"Unchanged" is said only when the answer would be the same.</summary>
public sealed class RevisionTests
{
    private static readonly RecommendationQuery Default = new();

    [Fact]
    public async Task Recommend_UnlessThePresentRevision_IsUnchangedUntilAnEvent()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var user = await ShopperAsync(fixture);
        var answer = await user.RecommendAsync(Default);

        var again = await user.RecommendAsync(Default with { UnlessRevision = answer.Revision });
        Assert.True(again.Unchanged);
        Assert.Equal((answer.Revision, answer.ModelVersion), (again.Revision, again.ModelVersion));
        Assert.Empty(again.Items);

        // A search says nothing about taste, but it is an event: newer, so computed.
        await user.ApplyAsync(fixture.UserSlice(0, fixture.UserEvent(1, EventType.Search, null)));
        var after = await user.RecommendAsync(Default with { UnlessRevision = answer.Revision });
        Assert.False(after.Unchanged);
        Assert.NotEqual(answer.Revision, after.Revision);
    }

    [Fact]
    public async Task Recommend_UserWithoutEvents_HasNoRevision()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var answer = await fixture.Grains.GetGrain<IUserGrain>("nobody").RecommendAsync(Default with { UnlessRevision = "" });
        Assert.Null(answer.Revision);
        Assert.False(answer.Unchanged);
    }

    [Fact]
    public async Task Recommend_AnotherProcess_HasAnotherRevision()
    {
        var storage = new FaultyStorage();
        string? before;
        await using (var fixture = await GrainFixture.StartAsync(storage))
        {
            var user = await ShopperAsync(fixture);
            before = (await user.RecommendAsync(Default)).Revision;
            await user.FlushAsync(0, 0);
        }

        await using var again = await GrainFixture.StartAsync(storage, start: TimeSpan.FromSeconds(1));
        var answer = await again.Grains.GetGrain<IUserGrain>("u").RecommendAsync(Default with { UnlessRevision = before });
        Assert.False(answer.Unchanged);
        Assert.NotNull(answer.Revision);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Recommend_AnythingMayChange_UnchangedMeansTheSameAnswer(int seed)
    {
        await using var fixture = await GrainFixture.StartAsync();
        for (var item = 0; item < 20; item++)
        {
            fixture.Catalogue.Put($"p{item}", "Toys");
        }

        var random = new Random(seed);
        var user = await ShopperAsync(fixture);
        var (held, unchanged, changed) = (await user.RecommendAsync(Default), 0, 0);
        for (var (step, offset) = (0, 1); step < 300; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    await user.ApplyAsync(fixture.UserSlice(offset - 1, fixture.UserEvent(offset++, EventType.View, $"p{random.Next(20)}")));
                    break;
                case 1:
                    // Again: it is applied already, and changes nothing.
                    await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p0")));
                    break;
                case 2:
                    fixture.Catalogue.Put($"p{random.Next(20)}", "Toys", price: random.Next(1, 100), stock: random.Next(3));
                    break;
                case 3:
                    fixture.Models.Offer(ModelOf(version: step + 1, random));
                    break;
                default:
                    fixture.Time.Advance(TimeSpan.FromSeconds(random.Next(600)));
                    break;
            }

            var asked = await user.RecommendAsync(Default with { UnlessRevision = held.Revision });
            var computed = await user.RecommendAsync(Default);
            if (asked.Unchanged)
            {
                unchanged++;
                Assert.Equal(Describe(held), Describe(computed));
            }
            else
            {
                changed++;
                Assert.Equal(Describe(asked), Describe(computed));
                held = asked;
            }
        }

        Assert.InRange(unchanged, 100, 250);
        Assert.InRange(changed, 50, 200);
    }

    private static string Describe(RecommendationAnswer answer) => JsonSerializer.Serialize(answer);

    private static async Task<IUserGrain> ShopperAsync(GrainFixture fixture)
    {
        var user = fixture.Grains.GetGrain<IUserGrain>("u");
        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.View, "p0")));
        return user;
    }

    /// <summary>Twenty products at random places: enough that every answer is full of the model's.</summary>
    private static ServingModel ModelOf(long version, Random random)
    {
        const int items = 20;
        const int factors = 8;
        var values = new float[items * factors];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble();
        }

        return new ServingModel(version, [.. Enumerable.Range(0, items).Select(i => $"p{i}")], new ItemFactors(items, factors, values, FoldInParameters.From(new AlsOptions())));
    }
}
