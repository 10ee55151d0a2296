namespace Reco.Core.Als;

/// <summary>Half a sweep: one side's rows, each solved exactly against the other side's factors, which stay fixed.</summary>
internal sealed class HalfSweep
{
    /// <summary>Small, because the rows of popular items are a hundred times as long as others'.</summary>
    private const int ChunkRows = 8;

    private readonly int _factors;
    private readonly FoldInParameters _parameters;
    private readonly int _threads;
    private readonly SymmetricSystem<float>[] _systems;
    private readonly Lazy<SymmetricSystem<double>>[] _preciseSystems;

    public HalfSweep(int factors, FoldInParameters parameters, int threads)
    {
        _factors = factors;
        _parameters = parameters;
        _threads = threads;
        _systems = new SymmetricSystem<float>[threads];
        _preciseSystems = new Lazy<SymmetricSystem<double>>[threads];
        for (var worker = 0; worker < threads; worker++)
        {
            _systems[worker] = new SymmetricSystem<float>(factors);
            _preciseSystems[worker] = new Lazy<SymmetricSystem<double>>(() => new SymmetricSystem<double>(factors));
        }
    }

    /// <summary>
    /// Overwrites <paramref name="target"/>; <paramref name="rows"/> hold confidences and indexes into <paramref name="other"/>.
    /// </summary>
    public void Run(SparseRows rows, float[] other, float[] target, CancellationToken cancellationToken)
    {
        var gramian = Gramian.Of(other, _factors, _threads, cancellationToken);
        Gramian.Scale(gramian, _parameters.UnobservedWeight);
        var single = Array.ConvertAll(gramian, value => (float)value);
        var others = other.Length / _factors;
        var chunks = (rows.Count + ChunkRows - 1) / ChunkRows;
        WorkSharing.Run(chunks, _threads, cancellationToken, (worker, chunk) =>
        {
            var end = Math.Min(rows.Count, (chunk + 1) * ChunkRows);
            for (var row = chunk * ChunkRows; row < end; row++)
            {
                var solution = target.AsSpan(row * _factors, _factors);
                var columns = rows.ColumnsOf(row);
                if (columns.IsEmpty)
                {
                    solution.Clear();
                    continue;
                }

                var ridge = _parameters.Ridge(columns.Length, others);
                if (!TrySolve(_systems[worker], single, (float)ridge, columns, rows.ValuesOf(row), other, solution))
                {
                    SolvePrecisely(_preciseSystems[worker].Value, gramian, ridge, columns, rows.ValuesOf(row), other, solution);
                }
            }
        });
    }

    private bool TrySolve(
        SymmetricSystem<float> system, float[] gramian, float ridge, ReadOnlySpan<int> columns, ReadOnlySpan<float> confidences,
        float[] other, Span<float> solution)
    {
        system.Begin(gramian, ridge);
        for (var i = 0; i < columns.Length; i++)
        {
            system.Add(other.AsSpan(columns[i] * _factors, _factors), confidences[i]);
        }

        if (!system.TryFactorize())
        {
            return false;
        }

        system.SolveRight(solution);
        return true;
    }

    /// <summary>A few rows of an ill-conditioned system (regularisation near nothing) need more than 24 bits.</summary>
    private void SolvePrecisely(
        SymmetricSystem<double> system, double[] gramian, double ridge, ReadOnlySpan<int> columns, ReadOnlySpan<float> confidences,
        float[] other, Span<float> solution)
    {
        system.Begin(gramian, ridge);
        for (var i = 0; i < columns.Length; i++)
        {
            system.Add(other.AsSpan(columns[i] * _factors, _factors), confidences[i]);
        }

        if (!system.TryFactorize())
        {
            throw new ArithmeticException(
                $"A row of {columns.Length} observations cannot be solved even in double precision: "
                + $"raise the regularisation, which comes to {ridge:g3}.");
        }

        var precise = new double[_factors];
        system.SolveRight(precise);
        for (var i = 0; i < precise.Length; i++)
        {
            solution[i] = (float)precise[i];
        }
    }
}
