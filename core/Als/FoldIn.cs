namespace Reco.Core.Als;

/// <summary>
/// A user's vector from the history alone, exactly as a training half-sweep would give it, in double precision:
/// (alpha0 Y^T Y + sum c y y^T + ridge I) u = sum c y. The matrix is built and factorised once, some 20 microseconds for 50 items of 64
/// factors; each question after that costs two triangular solves. Uses a workspace of the thread: allocates nothing once warm, and
/// is over when the thread folds in another history.
/// </summary>
public readonly ref struct FoldIn
{
    [ThreadStatic]
    private static Workspace? _cached;

    private readonly ItemFactors _items;
    private readonly ReadOnlySpan<WeightedItem> _history;
    private readonly Workspace _workspace;
    private readonly long _turn;

    private FoldIn(ItemFactors items, ReadOnlySpan<WeightedItem> history, Workspace workspace)
    {
        (_items, _workspace, _turn) = (items, workspace, workspace.Turn);
        _history = history;
    }

    /// <summary>Builds and factorises the matrix of a history; any number of items, none included.</summary>
    /// <exception cref="ArgumentException">
    /// An item twice, or out of range (drop what the model does not know before), or a weight not finite and above 0.
    /// </exception>
    public static FoldIn Of(ItemFactors items, ReadOnlySpan<WeightedItem> history)
    {
        var workspace = _cached?.System.Size == items.Factors ? _cached : _cached = new Workspace(items.Factors);
        workspace.Turn++;
        CheckHistory(items, history, workspace.Seen);
        var ridge = items.Parameters.Ridge(history.Length, items.Count);
        workspace.System.Begin(items.ScaledGramian, ridge);
        workspace.Confidences.Clear();
        foreach (var (item, weight) in history)
        {
            var confidence = items.Parameters.Confidence.Of(weight);
            workspace.Confidences.Add(confidence);
            workspace.System.Add(items[item], confidence);
        }

        if (!workspace.System.TryFactorize())
        {
            throw new ArithmeticException($"The fold-in matrix is not positive definite: the regularisation ({ridge:g3}) is too small.");
        }

        return new FoldIn(items, history, workspace);
    }

    /// <summary>Writes the user's vector; zeros for an empty history.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>, or the vector is not as long as the model has factors.</exception>
    public static void Solve(ItemFactors items, ReadOnlySpan<WeightedItem> history, Span<float> userVector) =>
        Of(items, history).Solve(userVector);

    /// <summary>Writes the user's vector; zeros for an empty history.</summary>
    /// <exception cref="ArgumentException">The vector is not as long as the model has factors.</exception>
    /// <exception cref="InvalidOperationException">The thread has folded in another history since.</exception>
    public void Solve(Span<float> userVector)
    {
        if (userVector.Length != _items.Factors)
        {
            throw new ArgumentException($"The user vector must hold {_items.Factors} values, not {userVector.Length}.", nameof(userVector));
        }

        var workspace = Mine();
        workspace.System.SolveRight(workspace.Solution);
        for (var i = 0; i < userVector.Length; i++)
        {
            userVector[i] = (float)workspace.Solution[i];
        }
    }

    /// <summary>
    /// What each history item contributes to the score of <paramref name="item"/>: c_j * y_item^T W_u y_j with W_u the inverse of the
    /// fold-in matrix (Hu, Koren and Volinsky 2008, section 5). The contributions sum to the score; one may be negative.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such item, or not one place for each item of the history.</exception>
    /// <exception cref="InvalidOperationException">The thread has folded in another history since.</exception>
    public void Explain(int item, Span<double> contributions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, _items.Count);
        if (contributions.Length != _history.Length)
        {
            throw new ArgumentException(
                $"There are {_history.Length} history items, but room for {contributions.Length} contributions.", nameof(contributions));
        }

        var workspace = Mine();
        SimdMath.Widen(_items[item], workspace.Right);
        workspace.System.Solve(workspace.Right, workspace.Solution);
        for (var j = 0; j < _history.Length; j++)
        {
            contributions[j] = workspace.Confidences[j] * SimdMath.Dot(workspace.Solution, _items[_history[j].Item]);
        }
    }

    private Workspace Mine() => _turn == _workspace.Turn
        ? _workspace
        : throw new InvalidOperationException("This fold-in is over: the thread has folded in another history since.");

    private static void CheckHistory(ItemFactors items, ReadOnlySpan<WeightedItem> history, HashSet<int> seen)
    {
        seen.Clear();
        foreach (var (item, weight) in history)
        {
            if ((uint)item >= (uint)items.Count)
            {
                throw new ArgumentException($"Item {item} is not 0 to {items.Count - 1}.", nameof(history));
            }

            if (!(weight > 0 && float.IsFinite(weight)))
            {
                throw new ArgumentException($"Weight {weight} of item {item} is not finite and above 0.", nameof(history));
            }

            if (!seen.Add(item))
            {
                throw new ArgumentException($"Item {item} is there twice.", nameof(history));
            }
        }
    }

    private sealed class Workspace(int factors)
    {
        public SymmetricSystem<double> System { get; } = new(factors);

        public double[] Solution { get; } = new double[factors];

        public double[] Right { get; } = new double[factors];

        /// <summary>Of the history's items, in its order.</summary>
        public List<float> Confidences { get; } = [];

        public HashSet<int> Seen { get; } = [];

        /// <summary>Counts the histories that it has served.</summary>
        public long Turn { get; set; }
    }
}
