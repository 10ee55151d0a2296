using Reco.Core.Ports;

namespace Reco.Silo.Orders;

/// <summary>
/// The sink's transactions, a few at a time. What partitions bring while none is free leaves together in the next: on a busy log there are many
/// partitions with a few purchases each, and most of what a small transaction costs is its beginning and its end.
/// </summary>
/// <param name="store">Where orders go.</param>
/// <param name="inFlightMax">Transactions at a time.</param>
/// <param name="purchasesMax">Of a transaction; what one partition brings stays together, even when it is more.</param>
/// <param name="metrics">The sink's.</param>
/// <param name="time">Measures the transactions.</param>
internal sealed class OrderWrites(IOrderStore store, int inFlightMax, int purchasesMax, OrderMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<Bundle> _waiting = new();
    private int _free = inFlightMax;

    /// <summary>Answers, when the store has all others durably, which of the purchases it refuses. They may change once this has ended.</summary>
    /// <param name="purchases">Of one partition.</param>
    /// <param name="stop">Ends a wait for a transaction.</param>
    /// <param name="abandon">
    /// Ends the wait for the transaction that they are in, too. It is given up itself once all whose purchases are in it have abandoned it.
    /// </param>
    /// <exception cref="OrderStoreException">The store cannot take them now.</exception>
    public async Task<IReadOnlyList<RefusedPurchase>> AddAsync(
        IReadOnlyList<Purchase> purchases, CancellationToken stop, CancellationToken abandon)
    {
        var bundle = new Bundle(purchases, abandon);
        bool isTransactionFree;
        lock (_gate)
        {
            _waiting.Enqueue(bundle);
            isTransactionFree = _free > 0;
            if (isTransactionFree)
            {
                _free--;
            }
        }

        if (isTransactionFree)
        {
            // Not awaited: what goes wrong in it is told to those whose purchases it has.
            _ = WriteWhileSomeWaitAsync();
        }

        await using var stopping = stop.Register(() => Cancel(bundle, evenIfTaken: false, stop));
        await using var abandoning = abandon.Register(() => Cancel(bundle, evenIfTaken: true, abandon));
        return await bundle.Outcome.Task;
    }

    private async Task WriteWhileSomeWaitAsync()
    {
        while (Take() is { } transaction)
        {
            await transaction.RunAsync(store, metrics, time);
        }
    }

    /// <summary>What waits, as much as fits; null, and one transaction more is free, when nothing does.</summary>
    private Transaction? Take()
    {
        lock (_gate)
        {
            Transaction? transaction = null;
            while (_waiting.TryPeek(out var bundle) && transaction?.HasRoomFor(bundle, purchasesMax) != false)
            {
                _waiting.Dequeue();
                if (!bundle.Outcome.Task.IsCompleted)
                {
                    (transaction ??= new Transaction()).Add(bundle);
                }
            }

            if (transaction is null)
            {
                _free++;
            }

            return transaction;
        }
    }

    /// <summary>Under the gate, so that no purchases are copied whose caller has gone on.</summary>
    private void Cancel(Bundle bundle, bool evenIfTaken, CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (evenIfTaken || !bundle.IsTaken)
            {
                bundle.Outcome.TrySetCanceled(cancelled);
            }
        }
    }

    /// <summary>What one partition brings.</summary>
    private sealed class Bundle(IReadOnlyList<Purchase> purchases, CancellationToken abandon)
    {
        public IReadOnlyList<Purchase> Purchases => purchases;

        public int Count { get; } = purchases.Count;

        public CancellationToken Abandon => abandon;

        public TaskCompletionSource<IReadOnlyList<RefusedPurchase>> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsTaken { get; set; }
    }

    private sealed class Transaction
    {
        private readonly List<Bundle> _bundles = [];
        private readonly List<Purchase> _purchases = [];
        private readonly CancellationTokenSource _abandoned = new();
        private int _waitedForBy;

        public bool HasRoomFor(Bundle bundle, int purchasesMax) => _purchases.Count + bundle.Count <= purchasesMax;

        public void Add(Bundle bundle)
        {
            bundle.IsTaken = true;
            _bundles.Add(bundle);
            _purchases.AddRange(bundle.Purchases);
        }

        public async Task RunAsync(IOrderStore store, OrderMetrics metrics, TimeProvider time)
        {
            _waitedForBy = _bundles.Count;
            var abandonments = _bundles.ConvertAll(bundle => bundle.Abandon.Register(AbandonOnce));
            try
            {
                var started = time.GetTimestamp();
                var outcome = await store.AddAsync(_purchases, _abandoned.Token);
                metrics.Written(_purchases.Count, outcome, time.GetElapsedTime(started));
                Tell(outcome.Refused);
            }
            catch (Exception failure)
            {
                foreach (var bundle in _bundles)
                {
                    bundle.Outcome.TrySetException(failure);
                }
            }
            finally
            {
                abandonments.ForEach(abandonment => abandonment.Dispose());
                _abandoned.Dispose();
            }
        }

        private void AbandonOnce()
        {
            if (Interlocked.Decrement(ref _waitedForBy) == 0)
            {
                _abandoned.Cancel();
            }
        }

        /// <summary>To each its own, by their places in what it brought.</summary>
        private void Tell(IReadOnlyList<RefusedPurchase> refused)
        {
            var (next, first) = (0, 0);
            foreach (var bundle in _bundles)
            {
                var behind = first + bundle.Count;
                var own = new List<RefusedPurchase>();
                for (; next < refused.Count && refused[next].Index < behind; next++)
                {
                    own.Add(refused[next] with { Index = refused[next].Index - first });
                }

                bundle.Outcome.TrySetResult(own);
                first = behind;
            }
        }
    }
}
