using Reco.GrainInterfaces;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Ingest;

/// <summary>The slow and obvious truth: one pass over each partition, a set of ids, a running maximum.</summary>
internal sealed class LogOracle
{
    private readonly Dictionary<string, List<TakenEvent>> _grains = [];
    private readonly Dictionary<int, List<long>> _watermarksBefore = [];

    public List<(int Partition, long Offset)> BadRecords { get; } = [];

    public IEnumerable<string> Grains => _grains.Keys.Order(StringComparer.Ordinal);

    public TakenEvent[] Of(string grain) => [.. _grains[grain].OrderBy(e => e.Partition).ThenBy(e => e.Offset)];

    /// <summary>Greatest event time among the records below the offset.</summary>
    public long WatermarkMs(int partition, long nextOffset) => _watermarksBefore[partition][(int)nextOffset];

    public static LogOracle Of(InMemoryEventLog log, TimeSpan allowedLateness)
    {
        var oracle = new LogOracle();
        foreach (var partition in log.Partitions)
        {
            oracle.Fold(partition, (long)allowedLateness.TotalMilliseconds);
        }

        return oracle;
    }

    private void Fold(InMemoryPartition partition, long latenessMs)
    {
        var seen = new HashSet<string>();
        var watermarkMs = long.MinValue;
        List<long> watermarks = [watermarkMs];
        _watermarksBefore[partition.Number] = watermarks;
        var offset = 0L;
        foreach (var (value, appendedAtMs) in partition.Snapshot())
        {
            if (!ShopEventJson.TryRead(value, appendedAtMs, pool: null, out var e, out _))
            {
                BadRecords.Add((partition.Number, offset));
            }
            else if (seen.Add(e.EventId))
            {
                watermarkMs = Math.Max(watermarkMs, e.TimestampMs);
                var late = e.TimestampMs < watermarkMs - latenessMs;
                var taken = new TakenEvent(partition.Number, offset, e.Type, e.TimestampMs, e.ProductId, e.Revenue, late);
                Take(GrainModels.User(e.UserId), taken);
                if (e.ProductId is not null)
                {
                    Take(GrainModels.Product(e.ProductId), taken with { Other = e.UserId });
                }
            }

            watermarks.Add(watermarkMs);
            offset++;
        }
    }

    private void Take(string grain, TakenEvent taken)
    {
        if (!_grains.TryGetValue(grain, out var list))
        {
            _grains[grain] = list = [];
        }

        list.Add(taken);
    }
}
