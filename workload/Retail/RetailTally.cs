namespace Reco.Workload.Retail;

/// <summary>Rows counted by what became of them, and the first bad ones in words.</summary>
public sealed class RetailTally
{
    /// <summary>Bad rows that are kept in words; all are counted.</summary>
    public const int BadRowsKeptMax = 20;

    private readonly long[] _counts = new long[RetailSkips.Count];
    private readonly List<string> _badRows = [];

    /// <summary>All rows.</summary>
    public long Rows => _counts.Sum();

    /// <summary>Clean purchases.</summary>
    public long Purchases => _counts[(int)RetailSkip.None];

    /// <summary>"line 17: Quantity 'six' is not a whole number", the first few.</summary>
    public IReadOnlyList<string> BadRows => _badRows;

    /// <summary>Rows skipped for this reason.</summary>
    public long Skipped(RetailSkip reason) => _counts[(int)reason];

    /// <summary>Reasons that occurred, with their counts.</summary>
    public IReadOnlyDictionary<string, long> SkippedByReason() => Enum.GetValues<RetailSkip>()
        .Where(reason => reason != RetailSkip.None && Skipped(reason) > 0)
        .ToDictionary(RetailSkips.Name, Skipped);

    public void Add(in RetailRecord record)
    {
        _counts[(int)record.Skip]++;
        if (record.Skip == RetailSkip.BadRow && _badRows.Count < BadRowsKeptMax)
        {
            _badRows.Add($"line {record.Line}: {record.Detail}");
        }
    }
}
