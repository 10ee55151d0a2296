using System.Globalization;
using System.IO.Compression;
using System.Text;
using Reco.Workload.Retail;

namespace Reco.Workload.Tests.Support;

/// <summary>Files of the Online Retail shape, written for a test.</summary>
internal static class RetailCsv
{
    public const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    public static string Write(TempFolder folder, string name, params string[] lines) =>
        WriteBytes(folder, name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public static string WriteBytes(TempFolder folder, string name, byte[] content)
    {
        File.WriteAllBytes(folder.File(name), content);
        return folder.File(name);
    }

    public static RetailFile Inspect(string path) => RetailFile.Inspect(path, TestContext.Current.CancellationToken);

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>Rows in time order, about one in eight no clean purchase, with exact duplicates among them.</summary>
    public static string[] Generate(int rows, int seed)
    {
        var random = new Random(seed);
        var at = new DateTime(2010, 12, 1, 8, 26, 0, DateTimeKind.Utc);
        var lines = new List<string> { Header };
        for (var i = 0; i < rows; i++)
        {
            if (random.Next(20) == 0)
            {
                lines.Add(i == 0 ? Row(1, at, 6, "2.55", "17850.0") : lines[^1]);
                continue;
            }

            at = at.AddSeconds(random.Next(90));
            var quantity = random.Next(30) == 0 ? -random.Next(1, 5) : random.Next(1, 50);
            var price = random.Next(40) == 0 ? "0.0" : (random.Next(1, 2000) / 100m).ToString(CultureInfo.InvariantCulture);
            var customer = random.Next(15) == 0 ? "" : $"{12_000 + random.Next(60)}.0";
            lines.Add(Row(536_365 + (i / 7), at, quantity, price, customer, $"{random.Next(10_000, 10_080)}A"));
        }

        return [.. lines];
    }

    public static string Row(int invoice, DateTime at, int quantity, string price, string customer, string product = "85123A") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(quantity < 0 ? "C" : "")}{invoice},{product},WHITE HANGING HEART {product},{quantity},{at:yyyy-MM-dd HH:mm:ss},{price},{customer},United Kingdom");
}
