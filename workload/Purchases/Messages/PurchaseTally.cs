namespace Reco.Workload.Purchases.Messages;

/// <summary>Rows counted by what became of them, and the first bad ones in words.</summary>
public sealed class PurchaseTally
{
    /// <summary>Bad rows that are kept in words; all are counted.</summary>
    public const int BadRowsKeptMax = 20;

    private readonly long[] _counts = new long[PurchaseRules.Refusals];
    private readonly List<string> _badRows = [];

    /// <summary>All rows.</summary>
    public long Rows => _counts.Sum();

    /// <summary>Rows that are sent.</summary>
    public long Kept => _counts[(int)PurchaseRefusal.None];

    /// <summary>Of them: lines of cancelled invoices.</summary>
    public long Returns { get; private set; }

    /// <summary>Of them: without a customer.</summary>
    public long WithoutCustomer { get; private set; }

    /// <summary>Of them: the description was missing and is that of an earlier row.</summary>
    public long DescriptionsFilled { get; private set; }

    /// <summary>Of them: the description was missing and no earlier row has one.</summary>
    public long DescriptionsEmpty { get; private set; }

    /// <summary>"line 17: Quantity 'six' is not a whole number", the first few.</summary>
    public IReadOnlyList<string> BadRows => _badRows;

    /// <summary>Rows refused for this reason.</summary>
    public long Refused(PurchaseRefusal reason) => _counts[(int)reason];

    /// <summary>Reasons with their counts.</summary>
    public IReadOnlyDictionary<string, long> RefusedByReason() => Enum.GetValues<PurchaseRefusal>()
        .Where(reason => reason != PurchaseRefusal.None)
        .ToDictionary(PurchaseRules.Name, Refused);

    public void Refuse(PurchaseRefusal reason) => _counts[(int)reason]++;

    public void RefuseBadRow(long line, string detail)
    {
        Refuse(PurchaseRefusal.BadRow);
        if (_badRows.Count < BadRowsKeptMax)
        {
            _badRows.Add($"line {line}: {detail}");
        }
    }

    public void Keep(bool isReturn, bool hasCustomer)
    {
        _counts[(int)PurchaseRefusal.None]++;
        Returns += isReturn ? 1 : 0;
        WithoutCustomer += hasCustomer ? 0 : 1;
    }

    public void CountMissingDescription(bool isFilled)
    {
        DescriptionsFilled += isFilled ? 1 : 0;
        DescriptionsEmpty += isFilled ? 0 : 1;
    }

    /// <summary>Adds the counts of the rows behind these.</summary>
    public void Add(PurchaseTally next)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += next._counts[i];
        }

        Returns += next.Returns;
        WithoutCustomer += next.WithoutCustomer;
        DescriptionsFilled += next.DescriptionsFilled;
        DescriptionsEmpty += next.DescriptionsEmpty;
        _badRows.AddRange(next._badRows.Take(BadRowsKeptMax - _badRows.Count));
    }

    /// <summary>Forgets everything, to count another block of rows.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Returns, WithoutCustomer, DescriptionsFilled, DescriptionsEmpty) = (0, 0, 0, 0);
        _badRows.Clear();
    }
}
