using Microsoft.Extensions.Logging;
using Npgsql;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Orders;

/// <summary>
/// Orders in PostgreSQL. A call is one transaction; only when PostgreSQL refuses a row is it cut in halves, again and again, until the row
/// stands alone: 2 log2(n) smaller transactions more for each such row.
/// </summary>
public sealed class PostgresOrderStore(PostgresOptions options, ILoggerFactory? loggers = null) : IOrderStore, IAsyncDisposable
{
    /// <summary>
    /// So many purchases, all refused by constraints or triggers, are not bad purchases but a schema that is not ours: that waits for the
    /// operator, where dead letters would bury every order.
    /// </summary>
    private const int RefusedTogetherMin = 16;

    private readonly NpgsqlDataSource _source = OrderConnections.Create(options, loggers);

    /// <inheritdoc/>
    public async ValueTask<OrdersAdded> AddAsync(IReadOnlyList<Purchase> purchases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(purchases);
        var firsts = FirstOfEachEvent(purchases);
        if (firsts.Length == 0)
        {
            return new OrdersAdded(0, []);
        }

        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            var batch = new Batch(connection, purchases);
            var added = await batch.AddAsync(firsts, cancellationToken);
            batch.ThrowIfAllWereRefused(firsts.Length);
            return new OrdersAdded(added, batch.Refused);
        }
        catch (Exception failure) when (PostgresFaults.IsOfTheServer(failure))
        {
            throw new OrderStoreException(PostgresFaults.Describe(failure, options.ConnectionString), failure);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static int[] FirstOfEachEvent(IReadOnlyList<Purchase> purchases)
    {
        var seen = new HashSet<string>(purchases.Count, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, purchases.Count).Where(i => seen.Add(purchases[i].EventId))];
    }

    private sealed class Batch(NpgsqlConnection connection, IReadOnlyList<Purchase> purchases)
    {
        private bool _isOfValues;

        public List<RefusedPurchase> Refused { get; } = [];

        public async Task<int> AddAsync(ReadOnlyMemory<int> part, CancellationToken cancellationToken)
        {
            try
            {
                return await OrderTransaction.RunAsync(connection, purchases, part, cancellationToken);
            }
            catch (Exception fault) when (PurchaseFaults.IsOfARow(fault))
            {
                if (part.Length == 1)
                {
                    _isOfValues |= PurchaseFaults.IsOfValues(fault);
                    Refused.Add(new RefusedPurchase(part.Span[0], PurchaseFaults.Describe(fault)));
                    return 0;
                }
            }

            var half = part.Length / 2;
            return await AddAsync(part[..half], cancellationToken) + await AddAsync(part[half..], cancellationToken);
        }

        public void ThrowIfAllWereRefused(int tried)
        {
            if (tried >= RefusedTogetherMin && Refused.Count == tried && !_isOfValues)
            {
                throw new OrderStoreException(
                    $"PostgreSQL refuses all of {tried} purchases: the schema asks for what this program does not know. The first: {Refused[0].Reason}");
            }
        }
    }
}
