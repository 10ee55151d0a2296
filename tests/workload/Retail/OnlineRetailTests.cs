using Reco.GrainInterfaces;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Retail;

/// <summary>The facts of the real data set, which the repository does not ship.</summary>
public sealed class OnlineRetailTests
{
    [Fact]
    public void Read_TheWholeDataSet_HasTheKnownFacts()
    {
        var path = Find();
        Assert.SkipWhen(path is null, "shared/data/online-retail.csv.gz is not beside the repository");
        var file = RetailCsv.Inspect(path!);
        var tally = new RetailTally();
        var rows = new List<(long Row, RetailRow Value, RetailSkip Skip)>();
        foreach (var record in RetailReader.Read(file))
        {
            tally.Add(record);
            rows.Add((record.Row, record.Value!, record.Skip));
        }

        Assert.Equal(541_909, tally.Rows);
        Assert.Equal(0, tally.Skipped(RetailSkip.BadRow));
        Assert.Equal(135_080, tally.Skipped(RetailSkip.NoCustomer));
        Assert.Equal(397_884, tally.Purchases);
        Assert.Equal(5_176_450, rows.Sum(r => (long)r.Value.Quantity));
        Assert.Equal(9_747_747.93m, Math.Round(rows.Sum(r => r.Value.Quantity * r.Value.UnitPrice), 2));
        Assert.Equal(25_900, rows.Select(r => r.Value.InvoiceNo).Distinct().Count());
        Assert.Equal(4_070, rows.Select(r => r.Value.StockCode).Distinct().Count());
        Assert.Equal(38, rows.Select(r => r.Value.Country).Distinct().Count());
        Assert.Equal(9_288, rows.Count(r => r.Value.InvoiceNo.StartsWith('C')));
        Assert.Equal(5_268, rows.Count - rows.Select(r => r.Value).Distinct().Count());

        var events = rows.Where(r => r.Skip == RetailSkip.None).Select(r => RetailEvents.Of(file, r.Row, r.Value)).ToArray();
        Assert.Equal(4_338, events.Select(e => e.UserId).Distinct().Count());
        Assert.Equal(3_665, events.Select(e => e.ProductId).Distinct().Count());
        Assert.Equal(18_532, events.Select(e => e.SessionId).Distinct().Count());
        Assert.Equal(397_884, events.Select(e => e.EventId).Distinct().Count());
        Assert.DoesNotContain(events, e => e.UserId.EndsWith(".0", StringComparison.Ordinal));
        Assert.All(events, e => Assert.Equal(EventType.Purchase, e.Type));

        // Each event survives the wire.
        foreach (var shopEvent in events.Where((_, i) => i % 97 == 0))
        {
            Assert.True(ShopEventJson.TryRead(ShopEventJson.ToUtf8(shopEvent), long.MaxValue / 2, null, out var read, out _));
            Assert.Equal(shopEvent, read);
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", "online-retail.csv.gz");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
