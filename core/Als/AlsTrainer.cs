namespace Reco.Core.Als;

/// <summary>
/// Weighted implicit-feedback ALS: Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets", in the
/// formulation of Rendle, Krichene, Zhang and Koren 2021, "Revisiting the performance of iALS on item recommendation benchmarks".
/// </summary>
public static class AlsTrainer
{
    /// <summary>
    /// Trains. Blocks the caller and uses up to <see cref="AlsOptions.Threads"/> pool threads. The same matrix, options and warm start
    /// give the same bits on the same kind of machine, on any number of threads.
    /// </summary>
    /// <exception cref="ArgumentException">The options or the warm start are invalid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; noticed within a few rows.</exception>
    public static AlsModel Train(
        InteractionMatrix matrix, AlsOptions options, WarmStart? warmStart = null, CancellationToken cancellationToken = default)
    {
        var errors = options.Errors();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var parameters = FoldInParameters.From(options);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        var users = matrix.ByUser.MapValues(parameters.Confidence.Of);
        var items = matrix.ByItem.MapValues(parameters.Confidence.Of);
        var userFactors = new float[checked(matrix.Users * options.Factors)];
        var itemFactors = InitialFactors.Of(matrix.Items, options, warmStart);
        var sweep = new HalfSweep(options.Factors, parameters, threads);
        var losses = new List<double>();
        for (var iteration = 0; iteration < options.Iterations; iteration++)
        {
            sweep.Run(users, itemFactors, userFactors, cancellationToken);
            RecordLoss();
            sweep.Run(items, userFactors, itemFactors, cancellationToken);
            RecordLoss();
        }

        // Users once more, so that they are what a fold-in into the published items gives.
        sweep.Run(users, itemFactors, userFactors, cancellationToken);
        RecordLoss();
        return new AlsModel(new ItemFactors(matrix.Items, options.Factors, itemFactors, parameters), userFactors, losses);

        void RecordLoss()
        {
            if (options.TrackLoss)
            {
                losses.Add(AlsLoss.Of(users, items, userFactors, itemFactors, options.Factors, parameters, threads));
            }
        }
    }
}
