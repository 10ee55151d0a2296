using Reco.Core.Catalogue;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Hosting;

/// <summary>Answers in which every field has a value of its own.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static readonly Product Shoes = new()
    {
        Id = "p-1",
        Name = "Running shoes",
        Category = "sports",
        Brand = "Swift",
        Price = 79.90m,
        Stock = 12,
    };

    public static readonly Product Lamp = new() { Id = "p-2", Name = "Lamp", Category = "home", Price = 20m };

    public static readonly EventCounts Counts = new() { View = 1, Cart = 2, Like = 3, Purchase = 4, Search = 5 };

    public static readonly WindowStats Window = new()
    {
        Start = Noon.AddMinutes(-5),
        End = Noon.AddMinutes(5),
        Counts = new EventCounts { View = 6, Cart = 7, Like = 8, Purchase = 9, Search = 10 },
        Revenue = 11.5m,
    };

    public static readonly UserStats User = new()
    {
        UserId = "u-1",
        Totals = Counts,
        Revenue = 99.5m,
        Window = Window,
        LateEvents = 12,
        HistoryItems = 13,
        LastEventAt = Noon,
    };

    public static readonly ProductStats Product = new()
    {
        ProductId = "p-1",
        Totals = Counts,
        Revenue = 98.5m,
        Window = Window with { DistinctUsers = 14 },
        LateEvents = 15,
        LastEventAt = Noon,
        Popularity = 16.25,
    };

    public static readonly RankedProduct Ranked = new()
    {
        ProductId = "p-1",
        Name = "Running shoes",
        Category = "sports",
        Price = 79.90m,
        Score = 2.5,
    };

    public static readonly RecommendationAnswer Recommendations = new()
    {
        ModelVersion = 3,
        Items =
        [
            new RecommendedItem
            {
                ProductId = "p-1",
                Name = "Running shoes",
                Category = "sports",
                Price = 79.90m,
                Score = 0.75,
                Source = RecommendationSource.Als,
                Reason = "because you bought Socks",
                Contributions = [new ScoreContribution { ProductId = "p-9", Name = "Socks", Because = EventType.Purchase, Value = 0.5 }],
            },
            new RecommendedItem
            {
                ProductId = "unlisted",
                Name = "unlisted",
                Score = 0.5,
                Source = RecommendationSource.Trending,
                Reason = "trending now",
            },
        ],
    };

    public static readonly ShopStats Shop = new() { Products = 2, Totals = Counts, Revenue = 97.5m, StreamTime = Noon };

    public static readonly ModelStatus NoModel = new()
    {
        LastRun = 0,
        LastOutcome = TrainingOutcome.None,
        LastDetail = "no run yet",
        Running = false,
    };

    public static readonly ModelStatus Trained = new()
    {
        Published = new ModelInfo
        {
            Version = 4,
            TrainedAt = Noon,
            Users = 100,
            Items = 50,
            Factors = 32,
            Interactions = 1_000,
            Seconds = 0.25,
            HeldOutNdcg = 0.125,
            HeldOutRecall = 0.375,
        },
        LastRun = 7,
        LastOutcome = TrainingOutcome.TooLittleData,
        LastDetail = "too few users",
        Running = false,
    };
}
