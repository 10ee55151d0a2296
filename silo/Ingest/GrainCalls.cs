using Reco.GrainInterfaces;

namespace Reco.Silo.Ingest;

/// <summary>
/// The calls of a silo's ingest to its grains, over all partitions: so many at once, in the order in which they were added. A product has events in
/// every partition; what has come together for it by the time it is its turn goes out as one call. The fuller the cores, the more that is.
/// </summary>
/// <param name="grains">Whose grains.</param>
/// <param name="underWayMax">How many calls at a time, at present; at least 1.</param>
/// <remarks>
/// Bounded by its callers: each partition adds one batch, and waits for its answers before the next. A grain never has two slices of one partition
/// before it, so slices cannot overtake each other.
/// </remarks>
internal sealed class GrainCalls(IGrainFactory grains, Func<int> underWayMax)
{
    /// <summary>Events of one call: as many as of a full batch of one partition. More wait for the next call.</summary>
    internal const int EventsMax = 8_192;

    private readonly Lock _gate = new();
    private readonly Queue<Call> _waiting = new();
    private readonly Dictionary<string, ProductCall> _products = [];
    private int _underWay;

    public void Add(string userId, UserSlice slice, BatchAnswers answers)
    {
        answers.Expect();
        lock (_gate)
        {
            _waiting.Enqueue(new UserCall(userId, slice, answers));
        }
    }

    public void Add(string productId, ProductSlice slice, BatchAnswers answers)
    {
        answers.Expect();
        lock (_gate)
        {
            if (_products.TryGetValue(productId, out var waiting) && waiting.TryAdd(slice, answers))
            {
                return;
            }

            var call = new ProductCall(productId);
            call.TryAdd(slice, answers);
            _products[productId] = call;
            _waiting.Enqueue(call);
        }
    }

    /// <summary>Begins with what was added, as far as there is room.</summary>
    public void Start()
    {
        while (TryEnter())
        {
            // It tells the batches how each call went, and throws nothing itself.
            _ = MakeCallsAsync();
        }
    }

    private bool TryEnter()
    {
        var max = underWayMax();
        lock (_gate)
        {
            if (_waiting.Count == 0 || _underWay >= max)
            {
                return false;
            }

            _underWay++;
            return true;
        }
    }

    private async Task MakeCallsAsync()
    {
        while (NextOrLeave() is { } call)
        {
            await call.MakeAsync(grains);

            // To the end of the pool's common queue. What goes on from a call is otherwise taken before it, by the thread that it ended on, and
            // a request in the common queue waits until all calls are made.
            await Task.Yield();
        }
    }

    private Call? NextOrLeave()
    {
        var max = underWayMax();
        lock (_gate)
        {
            if (_underWay > max || !_waiting.TryDequeue(out var call))
            {
                _underWay--;
                return null;
            }

            // Nothing is added to a call that is being made. A full one has been replaced already.
            if (call is ProductCall product && _products.TryGetValue(product.ProductId, out var newest) && newest == product)
            {
                _products.Remove(product.ProductId);
            }

            return call;
        }
    }

    private abstract class Call
    {
        /// <summary>Makes the call and hands on what comes of it; does not throw.</summary>
        public abstract Task MakeAsync(IGrainFactory grains);
    }

    private sealed class UserCall(string userId, UserSlice slice, BatchAnswers answers) : Call
    {
        public override async Task MakeAsync(IGrainFactory grains)
        {
            ApplyOutcome outcome;
            try
            {
                outcome = await grains.GetGrain<IUserGrain>(userId).ApplyAsync(slice);
            }
            catch (Exception failure)
            {
                answers.Fail(failure); // Thrown where the batch waits.
                return;
            }

            answers.Take(outcome);
        }
    }

    private sealed class ProductCall(string productId) : Call
    {
        private readonly List<ProductSlice> _slices = [];
        private readonly List<BatchAnswers> _answers = [];
        private int _events;

        public string ProductId => productId;

        public bool TryAdd(ProductSlice slice, BatchAnswers answers)
        {
            if (_events > 0 && _events + slice.Events.Length > EventsMax)
            {
                return false;
            }

            _events += slice.Events.Length;
            _slices.Add(slice);
            _answers.Add(answers);
            return true;
        }

        public override async Task MakeAsync(IGrainFactory grains)
        {
            ApplyOutcome[] outcomes;
            try
            {
                var grain = grains.GetGrain<IProductGrain>(productId);
                outcomes = _slices is [var only] ? [await grain.ApplyAsync(only)] : await grain.ApplyAllAsync([.. _slices]);
            }
            catch (Exception failure)
            {
                _answers.ForEach(answers => answers.Fail(failure)); // Thrown where the batches wait.
                return;
            }

            for (var i = 0; i < outcomes.Length; i++)
            {
                _answers[i].Take(outcomes[i]);
            }
        }
    }
}
