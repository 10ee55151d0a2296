using Microsoft.Extensions.Logging;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Workload.Etl;

/// <summary>Writes batches to one generation, leaves out what breaks the shop's rules, and counts.</summary>
internal sealed partial class EtlWriter(
    ISearchIndexBuilder index, string phase, string generation, TimeProvider time, ILogger logger, Action<EtlProgress>? progress)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<string> _invalid = [];

    /// <summary>Products written.</summary>
    public long Written { get; private set; }

    /// <summary>Products left out or refused.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Ids of those that break a rule: an older version of one must not stay in the index.</summary>
    public IReadOnlyList<string> Invalid => _invalid;

    public async Task WriteAsync(IReadOnlyList<IndexedProduct> products, CancellationToken cancellationToken)
    {
        var valid = new List<IndexedProduct>(products.Count);
        foreach (var product in products)
        {
            if (ProductRules.Check(product.Product) is { } fault)
            {
                LeaveOut(product.Product.Id, fault.ToString());
                _invalid.Add(product.Product.Id);
            }
            else
            {
                valid.Add(product);
            }
        }

        if (valid.Count == 0)
        {
            return;
        }

        var refused = await index.WriteAsync(generation, valid, cancellationToken);
        foreach (var product in refused)
        {
            LeaveOut(product.ProductId, product.Reason);
        }

        Written += valid.Count - refused.Count;
        progress?.Invoke(new EtlProgress(phase, Written, Written / Math.Max(0.001, time.GetElapsedTime(_startedAt).TotalSeconds)));
    }

    public EtlReport Report(string name, bool isFull, long removed) => new()
    {
        IsFull = isFull,
        Generation = name,
        Written = Written,
        Removed = removed,
        LeftOut = LeftOut,
        Elapsed = time.GetElapsedTime(_startedAt),
    };

    private void LeaveOut(string productId, string reason)
    {
        LeftOut++;
        LogLeftOut(productId, generation, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Product '{ProductId}' is left out of index {Generation}: {Reason}")]
    private partial void LogLeftOut(string productId, string generation, string reason);
}
