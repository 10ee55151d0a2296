using BenchmarkDotNet.Attributes;
using Reco.Core.Als;
using Reco.Core.Ranking;

namespace Reco.Bench.Kernels;

/// <summary>Training, fold-in, explanation, scoring and selection at the size of a small shop: 5,000 users, 50 items each.</summary>
[MemoryDiagnoser]
public class AlsBenchmarks
{
    private const int Users = 5000;
    private const int HistoryLength = 50;
    private readonly float[] _userVector = new float[64];
    private readonly double[] _contributions = new double[HistoryLength];
    private readonly ScoredIndex[] _best = new ScoredIndex[20];
    private InteractionMatrix _matrix = new InteractionMatrixBuilder(0).Build();
    private WeightedItem[] _history = [];
    private float[] _scores = [];
    private ItemFactors? _model;

    /// <summary>Items of the shop.</summary>
    [Params(1000, 3700)]
    public int Items { get; set; }

    /// <summary>Trains the model that the serving kernels read.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(3);
        var builder = new InteractionMatrixBuilder(Items);
        for (var user = 0; user < Users; user++)
        {
            _history = RandomRow(random);
            builder.AddRow(_history);
        }

        _matrix = builder.Build();
        _scores = new float[Items];
        _model = AlsTrainer.Train(_matrix, new AlsOptions { Iterations = 2 }).Items;
        FoldIn.Solve(_model, _history, _userVector);
        Scorer.ScoreAll(_model, _userVector, _scores);
    }

    /// <summary>250,000 interactions, 64 factors, 10 sweeps, all cores.</summary>
    [Benchmark]
    public AlsModel Train() => AlsTrainer.Train(_matrix, new AlsOptions());

    /// <summary>A user vector from 50 items.</summary>
    [Benchmark]
    public void SolveUser() => FoldIn.Solve(_model!, _history, _userVector);

    /// <summary>What each of 50 items adds to one score.</summary>
    [Benchmark]
    public void ExplainScore() => FoldIn.Of(_model!, _history).Explain(0, _contributions);

    /// <summary>Scores of all items.</summary>
    [Benchmark]
    public void ScoreAll() => Scorer.ScoreAll(_model!, _userVector, _scores);

    /// <summary>The best 20 of all items.</summary>
    [Benchmark]
    public int SelectBest() => TopK.Select(_scores, _best.Length, _best);

    /// <summary>Distinct items, the first ones more popular.</summary>
    private WeightedItem[] RandomRow(Random random)
    {
        var items = new HashSet<int>();
        while (items.Count < HistoryLength)
        {
            items.Add((int)(Items * Math.Pow(random.NextDouble(), 1.7)));
        }

        return [.. items.Select(item => new WeightedItem(item, 1 + random.Next(20)))];
    }
}
