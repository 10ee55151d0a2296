using Reco.Core.Trending;

namespace Reco.Core.Tests.Trending;

/// <summary>Products with a rate each, minute by minute, reported to a board the way product grains do it.</summary>
internal sealed class SimulatedShop(int? noiseSeed = null)
{
    public const long Minute = 60_000;
    private static readonly double ShortMs = new TrendingOptions().ShortHalfLife.TotalMilliseconds;
    private static readonly double LongMs = new TrendingOptions().BaselineHalfLife.TotalMilliseconds;
    private static readonly double PopularMs = new PopularityOptions().HalfLife.TotalMilliseconds;

    private readonly Random? _noise = noiseSeed is { } seed ? new Random(seed) : null;
    private readonly SortedDictionary<string, (DecayedSum Short, DecayedSum Long, DecayedSum Popular)> _products = new(StringComparer.Ordinal);

    public TrendingOptions Options { get; } = new();

    public TrendingBoard Board { get; } = new();

    public long NowMs { get; private set; } = 1_767_614_400_000;

    /// <summary>Lets time pass; <paramref name="perMinute"/> says each product's weighted events a minute, given the hour of the day.</summary>
    public void Run(TimeSpan time, Func<double, IEnumerable<(string Id, double Rate)>> perMinute)
    {
        for (var minutes = (int)time.TotalMinutes; minutes > 0; minutes--)
        {
            NowMs += Minute;
            foreach (var (id, rate) in perMinute(NowMs / (60.0 * Minute) % 24))
            {
                Add(id, _noise is null ? rate : Poisson(rate, _noise));
            }
        }
    }

    public void Add(string id, double weight)
    {
        var (now, usual, popular) = _products.GetValueOrDefault(id);
        _products[id] = (now.Add(weight, NowMs, ShortMs), usual.Add(weight, NowMs, LongMs), popular.Add(weight, NowMs, PopularMs));
    }

    public RankedId[] Top(int limit = 10)
    {
        Report();
        return Board.Top(NowMs, limit, Options);
    }

    public string[] TopIds(int limit = 10) => [.. Top(limit).Select(r => r.ProductId)];

    public void Report()
    {
        foreach (var (id, (now, usual, popular)) in _products)
        {
            Board.Replace(new TrendingRow
            {
                ProductId = id,
                ReferenceTimeMs = NowMs,
                Short = now.ValueAt(NowMs, ShortMs),
                Long = usual.ValueAt(NowMs, LongMs),
                Popularity = popular.ValueAt(NowMs, PopularMs),
            });
        }
    }

    /// <summary>Rates that fall as 1 / rank, as they do in shops; product 001 is the best-seller.</summary>
    public static (string Id, double Rate)[] Assortment(int products, double bestSellerRate) =>
        [.. Enumerable.Range(1, products).Select(rank => ($"p{rank:D3}", bestSellerRate / rank))];

    private static double Poisson(double mean, Random random)
    {
        var (count, product) = (0, random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; count++)
        {
            product *= random.NextDouble();
        }

        return count;
    }
}
