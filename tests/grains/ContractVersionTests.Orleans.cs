using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Reco.GrainInterfaces;

namespace Reco.Grains.Tests;

/// <summary>
/// An old silo beside a new one, as in a rolling update: contracts may only grow. A message of a newer version is read by an older one, which
/// leaves out what it does not know, and the other way round, where what was not sent is at its default.
/// </summary>
public sealed class ContractVersionTests
{
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Read_MessageOfANewerVersion_LeavesOutWhatIsNew()
    {
        var bytes = _serializer.SerializeToArray(new NewerSlice
        {
            Partition = 3, After = 41, StreamTimeMs = 1_000, Events = [new UserEvent { Offset = 42, Type = EventType.Like, TimestampMs = 1_000, ProductId = "p" }],
            Region = "eu", Priority = 7,
        });

        var read = _serializer.Deserialize<UserSlice>(bytes)!;

        Assert.Equal((3, 41L, 1_000L), (read.Partition, read.After, read.StreamTimeMs));
        Assert.Equal((42L, EventType.Like, "p"), (read.Events[0].Offset, read.Events[0].Type, read.Events[0].ProductId));
    }

    [Fact]
    public void Read_MessageOfAnOlderVersion_HasDefaultsForWhatIsMissing()
    {
        var bytes = _serializer.SerializeToArray(new OlderQuery { Limit = 7, Category = "Books" });

        var read = _serializer.Deserialize<RecommendationQuery>(bytes)!;

        Assert.Equal((7, "Books", null), (read.Limit, read.Category, read.MaxPrice));
    }

    [GenerateSerializer]
    internal sealed record NewerSlice
    {
        [Id(0)] public required int Partition { get; init; }

        [Id(1)] public required long After { get; init; }

        [Id(2)] public required long StreamTimeMs { get; init; }

        [Id(3)] public required UserEvent[] Events { get; init; }

        [Id(90)] public string? Region { get; init; }

        [Id(91)] public int Priority { get; init; }
    }

    [GenerateSerializer]
    internal sealed record OlderQuery
    {
        [Id(0)] public int Limit { get; init; }

        [Id(1)] public string? Category { get; init; }
    }
}
