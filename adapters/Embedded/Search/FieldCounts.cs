namespace Reco.Adapters.Embedded.Search;

/// <summary>A number for each searched field of a product: how often a term occurs, or how many terms there are.</summary>
internal struct FieldCounts
{
    public const int CountMax = ushort.MaxValue;

    public ushort Name;
    public ushort Brand;
    public ushort Category;

    /// <summary>One more in the field; stays at 65,535 (a name has at most 256 characters, so this is never reached by rule).</summary>
    public void Increment(SearchField field)
    {
        ref var count = ref Name;
        switch (field)
        {
            case SearchField.Brand:
                count = ref Brand;
                break;
            case SearchField.Category:
                count = ref Category;
                break;
        }

        if (count < CountMax)
        {
            count++;
        }
    }

    public static FieldCounts Max(FieldCounts first, FieldCounts second) => new()
    {
        Name = Math.Max(first.Name, second.Name),
        Brand = Math.Max(first.Brand, second.Brand),
        Category = Math.Max(first.Category, second.Category),
    };
}

internal enum SearchField
{
    Name,
    Brand,
    Category,
}
