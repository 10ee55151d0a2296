using System.Collections.Concurrent;
using Reco.Core.Ports;
using Reco.Silo.Orders;
using Reco.Testing;

namespace Reco.Silo.Tests.Orders;

/// <summary>Which purchases share a transaction, and that each partition hears of its own and of nothing else.</summary>
public sealed class OrderWritesTests : IDisposable
{
    private readonly HeldStore _store = new();
    private readonly OrderMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task AddAsync_WhileATransactionIsUnderWay_SharesTheNext()
    {
        var writes = Writes();
        var first = AddAsync(writes, "a1", "a2");
        var (second, third) = (AddAsync(writes, "b1"), AddAsync(writes, "c1", "c2"));
        Assert.Equal(["a1 a2"], _store.Asked);
        _store.Answer();
        await first.Within("the first");
        await Deadline.Until(() => _store.Asked.Count == 2, "the second transaction");
        Assert.Equal("b1 c1 c2", _store.Asked.Last());
        Assert.False(second.IsCompleted || third.IsCompleted);
        _store.Answer();
        await Task.WhenAll(second, third).Within("the others");
        Assert.Equal(5, _metrics.PurchasesDone);
    }

    [Fact]
    public async Task AddAsync_MoreThanATransactionTakes_FillsSeveralInTheOrderOfTheirComing()
    {
        var writes = Writes(purchasesMax: 3);
        var all = new[] { AddAsync(writes, "a"), AddAsync(writes, "b1", "b2"), AddAsync(writes, "c1", "c2"), AddAsync(writes, "d1", "d2", "d3", "d4"), AddAsync(writes, "e") };
        await AnswerAllAsync(all);
        Assert.Equal(["a", "b1 b2", "c1 c2", "d1 d2 d3 d4", "e"], _store.Asked);
    }

    [Fact]
    public async Task AddAsync_Refused_IsToldWithItsPlaceToWhomItIsOf()
    {
        var writes = Writes();
        var all = new[] { AddAsync(writes, "a"), AddAsync(writes, "b1", "bad1"), AddAsync(writes, "c"), AddAsync(writes, "bad2", "d2", "bad3") };
        await AnswerAllAsync(all);
        string[] wanted = ["", "1:bad1", "", "0:bad2 2:bad3"];
        var told = await Task.WhenAll(all);
        Assert.Equal(wanted, told.Select(each => string.Join(' ', each.Select(refused => $"{refused.Index}:{refused.Reason}"))));
    }

    [Fact]
    public async Task AddAsync_TransactionFails_FailsForAllInItAndTheNextGoesOn()
    {
        var writes = Writes();
        var first = AddAsync(writes, "a");
        var (second, third) = (AddAsync(writes, "b"), AddAsync(writes, "c"));
        _store.Answer();
        await first.Within("the first");
        await Deadline.Until(() => _store.Asked.Count == 2, "the second transaction");
        var fourth = AddAsync(writes, "d");
        _store.Answer(new OrderStoreException("away"));
        foreach (var failing in new[] { second, third })
        {
            Assert.Equal("away", (await Assert.ThrowsAsync<OrderStoreException>(() => failing.Within("the failure"))).Message);
        }

        await AnswerAllAsync([fourth]);
        await AnswerAllAsync([AddAsync(writes, "e")]);
        Assert.Equal(["a", "b c", "d", "e"], _store.Asked);
    }

    [Fact]
    public async Task AddAsync_SeveralAtATime_AreNeverMoreThanThat()
    {
        var writes = Writes(inFlightMax: 2);
        var all = Enumerable.Range(0, 20).Select(i => AddAsync(writes, $"p{i}")).ToArray();
        Assert.Equal(2, _store.Asked.Count);
        await AnswerAllAsync(all);
        Assert.Equal(2, _store.UnderWayMax);
        Assert.InRange(_store.Asked.Count, 3, 4);
    }

    [Fact]
    public async Task AddAsync_StoppedWhileItWaits_EndsAtOnceAndIsNotWritten()
    {
        var writes = Writes();
        var first = AddAsync(writes, "a");
        using var stop = new CancellationTokenSource();
        var waiting = writes.AddAsync(Purchases("b"), stop.Token, CancellationToken.None);
        var other = AddAsync(writes, "c");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the stop"));
        await AnswerAllAsync([first, other]);
        Assert.Equal(["a", "c"], _store.Asked);
    }

    [Fact]
    public async Task AddAsync_StoppedWhileItIsWritten_IsWaitedFor()
    {
        using var stop = new CancellationTokenSource();
        var writing = Writes().AddAsync(Purchases("a"), stop.Token, CancellationToken.None);
        await stop.CancelAsync();
        Assert.False(writing.IsCompleted);
        await AnswerAllAsync([writing]);
    }

    /// <summary>A lost partition is no reason to give up what others have in the same transaction.</summary>
    [Fact]
    public async Task AddAsync_Abandoned_EndsForThatOneAndTheTransactionOnlyWithTheLast()
    {
        var writes = Writes();
        var first = AddAsync(writes, "a");
        using var abandonB = new CancellationTokenSource();
        using var abandonC = new CancellationTokenSource();
        var b = writes.AddAsync(Purchases("b"), CancellationToken.None, abandonB.Token);
        var c = writes.AddAsync(Purchases("c"), CancellationToken.None, abandonC.Token);
        _store.Answer();
        await first.Within("the first");
        await Deadline.Until(() => _store.Asked.Count == 2, "the second transaction");

        await abandonB.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => b.Within("the abandonment"));
        Assert.False(c.IsCompleted || _store.IsGivenUp);
        await abandonC.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => c.Within("the abandonment"));
        await Deadline.Until(() => _store.IsGivenUp, "the transaction's end");
        await AnswerAllAsync([AddAsync(writes, "d")]);
    }

    private static Purchase[] Purchases(params string[] ids) => [.. ids.Select(id => new Purchase(id, "ann", "cup", 1, 1m, 0))];

    private static Task<IReadOnlyList<RefusedPurchase>> AddAsync(OrderWrites writes, params string[] ids) =>
        writes.AddAsync(Purchases(ids), CancellationToken.None, CancellationToken.None);

    private OrderWrites Writes(int inFlightMax = 1, int purchasesMax = 100) => new(_store, inFlightMax, purchasesMax, _metrics, TimeProvider.System);

    private async Task AnswerAllAsync(IReadOnlyList<Task> all)
    {
        var done = Task.WhenAll(all);
        await Deadline.Until(
            () =>
            {
                _store.Answer();
                return done.IsCompleted;
            },
            "all answers");
        await done;
    }

    /// <summary>Answers when the test says so; refuses what is called bad.</summary>
    private sealed class HeldStore : IOrderStore
    {
        private readonly ConcurrentQueue<TaskCompletionSource> _held = new();
        private int _underWay;

        public ConcurrentQueue<string> Asked { get; } = new();

        public int UnderWayMax { get; private set; }

        public bool IsGivenUp { get; private set; }

        public async ValueTask<OrdersAdded> AddAsync(IReadOnlyList<Purchase> purchases, CancellationToken cancellationToken)
        {
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            UnderWayMax = Math.Max(UnderWayMax, Interlocked.Increment(ref _underWay));
            Asked.Enqueue(string.Join(' ', purchases.Select(purchase => purchase.EventId)));
            _held.Enqueue(held);
            try
            {
                await held.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
                IsGivenUp |= cancellationToken.IsCancellationRequested;
            }

            var refused = purchases.Select((purchase, i) => new RefusedPurchase(i, purchase.EventId))
                .Where(refused => refused.Reason.StartsWith("bad", StringComparison.Ordinal))
                .ToList();
            return new OrdersAdded(purchases.Count - refused.Count, refused);
        }

        /// <summary>Of the call that has waited longest, if one does.</summary>
        public void Answer(Exception? failure = null)
        {
            if (!_held.TryDequeue(out var held))
            {
                return;
            }

            if (failure is null)
            {
                held.SetResult();
            }
            else
            {
                held.SetException(failure);
            }
        }
    }
}
