using System.Collections.Frozen;
using Reco.Core.Als;

namespace Reco.Core.Recommending;

/// <summary>A published model: item factors with the products they belong to. Immutable; swapped as a whole.</summary>
public sealed class ServingModel
{
    private readonly FrozenDictionary<string, int> _indexes;

    /// <summary>A model.</summary>
    /// <exception cref="ArgumentException">The number of ids is not the number of items, or an id is there twice.</exception>
    public ServingModel(long version, IReadOnlyList<string> productIds, ItemFactors items)
    {
        if (productIds.Count != items.Count)
        {
            throw new ArgumentException($"{productIds.Count} ids for {items.Count} items", nameof(productIds));
        }

        Version = version;
        ProductIds = productIds;
        Items = items;
        _indexes = productIds.Select((id, index) => KeyValuePair.Create(id, index)).ToFrozenDictionary(StringComparer.Ordinal);
        if (_indexes.Count != productIds.Count)
        {
            throw new ArgumentException("a product is in the model twice", nameof(productIds));
        }
    }

    /// <summary>From 1, rising.</summary>
    public long Version { get; }

    /// <summary>The product of each item.</summary>
    public IReadOnlyList<string> ProductIds { get; }

    /// <summary>The factors.</summary>
    public ItemFactors Items { get; }

    /// <summary>The item of a product, or -1 when the model does not know it.</summary>
    public int IndexOf(string productId) => _indexes.TryGetValue(productId, out var index) ? index : -1;
}
