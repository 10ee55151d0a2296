namespace Reco.Core.Evaluation;

/// <summary>
/// Two models on the same users. Pairing takes the difference between users, which is far larger than that between models, out of the
/// error.
/// </summary>
/// <param name="Users">Users compared.</param>
/// <param name="MeanDifference">Mean of new minus old.</param>
/// <param name="StandardError">
/// Standard error of that mean: s / sqrt(n), s with n - 1; infinite for fewer than two users, which show nothing.
/// </param>
public sealed record PairedComparison(int Users, double MeanDifference, double StandardError)
{
    /// <summary>Compares the metric of each user under the old and the new model.</summary>
    /// <exception cref="ArgumentException">Not the same number of users, or a value that is not finite.</exception>
    public static PairedComparison Of(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        if (before.Length != after.Length)
        {
            throw new ArgumentException($"{before.Length} users before, {after.Length} after: the comparison is paired.", nameof(after));
        }

        var mean = 0.0;
        var squares = 0.0;
        for (var i = 0; i < before.Length; i++)
        {
            var difference = after[i] - before[i];
            if (!double.IsFinite(difference))
            {
                throw new ArgumentException($"User {i}: {before[i]} before, {after[i]} after.", nameof(after));
            }

            // Welford's update.
            var delta = difference - mean;
            mean += delta / (i + 1);
            squares += delta * (difference - mean);
        }

        var users = before.Length;
        var error = users < 2 ? double.PositiveInfinity : Math.Sqrt(squares / (users - 1) / users);
        return new PairedComparison(users, mean, error);
    }

    /// <summary>
    /// True when the new model is to be refused: its mean is lower by more than two standard errors, which chance exceeds once in
    /// forty, and by more than <paramref name="tolerance"/>, which is too small to matter however sure it is.
    /// Two standard errors mean that only from some 30 users on: with fewer, do not ask.
    /// </summary>
    public bool IsWorse(double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        return MeanDifference < -Math.Max(2 * StandardError, tolerance);
    }
}
