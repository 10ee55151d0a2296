namespace Reco.Adapters.Postgres.Seeding;

/// <summary>One invented order; the generator uses the same object again for the next.</summary>
internal sealed class SeededOrder
{
    /// <summary>Most items of an order.</summary>
    public const int ItemsMax = 10;

    /// <summary>1, 2, 3 ... in the order of time.</summary>
    public int Number { get; set; }

    /// <summary>UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>Index of the user.</summary>
    public int User { get; set; }

    /// <summary>One of <see cref="Schema.Entities.OrderStatuses"/>.</summary>
    public string Status { get; set; } = "";

    public int ItemCount { get; set; }

    public SeededItem[] Items { get; } = new SeededItem[ItemsMax];

    public decimal Total
    {
        get
        {
            var total = 0m;
            foreach (var item in Items.AsSpan(0, ItemCount))
            {
                total += item.Quantity * item.UnitPrice;
            }

            return total;
        }
    }
}

/// <summary>A line of an order.</summary>
/// <param name="Product">Index of the product.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="UnitPrice">What was paid for one.</param>
internal readonly record struct SeededItem(int Product, int Quantity, decimal UnitPrice);
