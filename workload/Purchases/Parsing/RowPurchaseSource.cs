using System.Runtime.CompilerServices;
using System.Text;
using Reco.Adapters.Kafka;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>
/// The naive form: the CSV library reads a row, an object is made of it and serialised, and that is a batch of one. Also what the
/// block parser is checked against.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="limit">At most so many messages; null for all.</param>
public sealed class RowPurchaseSource(RetailFile file, long? limit = null) : IPurchaseSource
{
    private readonly Dictionary<string, string> _descriptions = new(StringComparer.Ordinal);

    public PurchaseTally Tally { get; } = new();

    public async IAsyncEnumerable<PurchaseBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new PurchaseBatch { Messages = new BatchMessage[1], Count = 1 };
        foreach (var purchase in Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] key = Encoding.UTF8.GetBytes(purchase.Key), value = PurchaseJson.ToUtf8(purchase);
            batch.Bytes = [.. key, .. value];
            batch.Messages[0] = new BatchMessage(0, key.Length, key.Length, value.Length, ContentHash.Of(key, value));
            yield return batch;
        }

        await Task.CompletedTask;
    }

    /// <summary>The purchases, in file order.</summary>
    public IEnumerable<Purchase> Read()
    {
        if (limit == 0)
        {
            yield break;
        }

        foreach (var record in RetailReader.Read(file))
        {
            if (record.Value is not { } row)
            {
                Tally.RefuseBadRow(record.Line, record.Detail!);
            }
            else if (PurchaseRules.Judge(row) is var refusal and not PurchaseRefusal.None)
            {
                Tally.Refuse(refusal);
            }
            else
            {
                yield return Keep(record.Row, row);
                if (Tally.Kept >= limit)
                {
                    yield break;
                }
            }
        }
    }

    private Purchase Keep(long number, RetailRow row)
    {
        var description = row.Description;
        if (description.Length > 0)
        {
            _descriptions[row.StockCode] = description;
        }
        else
        {
            description = _descriptions.GetValueOrDefault(row.StockCode, "");
            Tally.CountMissingDescription(isFilled: description.Length > 0);
        }

        var purchase = PurchaseRules.ToPurchase(file, number, row, description);
        Tally.Keep(purchase.IsReturn, purchase.CustomerId is not null);
        return purchase;
    }
}
