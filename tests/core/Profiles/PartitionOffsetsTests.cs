using System.Text.Json;
using FsCheck.Fluent;
using Reco.Core.Profiles;
using Reco.Core.Tests.Windows;

namespace Reco.Core.Tests.Profiles;

public sealed class PartitionOffsetsTests
{
    [Fact]
    public void Set_AnySequence_AgreesWithADictionary()
    {
        var sets = from partition in Gen.Choose(0, 20) from offset in Gen.Choose(0, 1000) select (partition, offset);
        Seeded.Holds(sets, 60, list =>
        {
            var offsets = new PartitionOffsets();
            var oracle = new Dictionary<int, long>();
            foreach (var (partition, offset) in list)
            {
                Assert.Equal(!oracle.TryGetValue(partition, out var last) || offset > last, offsets.IsNew(partition, offset));
                oracle[partition] = Math.Max(offset, oracle.GetValueOrDefault(partition, PartitionOffsets.None));
                offsets.Set(partition, offset);
            }

            foreach (var copy in new[]
            {
                offsets,
                PartitionOffsets.Decode(offsets.Encode()),
                JsonSerializer.Deserialize<PartitionOffsets>(JsonSerializer.Serialize(offsets))!,
            })
            {
                Assert.Equal(oracle.OrderBy(o => o.Key).Select(o => (o.Key, o.Value)), copy.Partitions.Zip(copy.Offsets));
                Assert.All(Enumerable.Range(0, 25), p => Assert.Equal(oracle.GetValueOrDefault(p, PartitionOffsets.None), copy.Last(p)));
            }
        });
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void Set_Negative_Throws(int partition, long offset) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartitionOffsets().Set(partition, offset));

    [Fact]
    public void Decode_DamagedBytes_SaysSo()
    {
        var offsets = new PartitionOffsets();
        for (var partition = 0; partition < 8; partition++)
        {
            offsets.Set(partition, partition * 1_000_003L);
        }

        Damage.IsAlwaysFound(offsets.Encode(), bytes => PartitionOffsets.Decode(bytes));
    }
}
