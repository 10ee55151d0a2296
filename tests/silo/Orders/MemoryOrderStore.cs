using System.Collections.Concurrent;
using Reco.Core.Ports;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Orders;

/// <summary>The port in memory: the first purchase of an event id counts; failures before and after the effect, refusals, and calls that hang.</summary>
internal sealed class MemoryOrderStore : IOrderStore
{
    private readonly ConcurrentDictionary<string, Purchase> _orders = new();
    private int _underWay;
    private int _calls;

    public IReadOnlyDictionary<string, Purchase> Orders => _orders;

    /// <summary>Asked before each call.</summary>
    public Func<IReadOnlyList<Purchase>, Task<Fault>> OnAdd { get; set; } = _ => Task.FromResult(Fault.None);

    /// <summary>Which purchases are refused, and why.</summary>
    public Func<Purchase, string?> Refuses { get; set; } = _ => null;

    /// <summary>Most calls that were under way together.</summary>
    public int UnderWayMax { get; private set; }

    public int Calls => Volatile.Read(ref _calls);

    public async ValueTask<OrdersAdded> AddAsync(IReadOnlyList<Purchase> purchases, CancellationToken cancellationToken)
    {
        Purchase[] batch = [.. purchases];
        Interlocked.Increment(ref _calls);
        var underWay = Interlocked.Increment(ref _underWay);
        try
        {
            UnderWayMax = Math.Max(UnderWayMax, underWay);
            var fault = await OnAdd(batch).WaitAsync(cancellationToken);
            return fault switch
            {
                Fault.Before => throw new OrderStoreException("the store was made to fail"),

                // As much as an interrupted call may have done: some of them.
                Fault.After => Add(batch[..(batch.Length / 2)], 0).Added >= 0
                    ? throw new OrderStoreException("the store was made to fail half way")
                    : throw new InvalidOperationException(),
                _ => Add(batch, 0),
            };
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private OrdersAdded Add(Purchase[] batch, int added)
    {
        var refused = new List<RefusedPurchase>();
        for (var i = 0; i < batch.Length; i++)
        {
            if (Refuses(batch[i]) is { } reason)
            {
                refused.Add(new RefusedPurchase(i, reason));
            }
            else if (_orders.TryAdd(batch[i].EventId, batch[i]))
            {
                added++;
            }
        }

        return new OrdersAdded(added, refused);
    }
}
