using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Reco.EndToEnd.Tests;

/// <summary>What a retail file says, counted the slow and obvious way, apart from the product's own reader.</summary>
internal sealed record RetailCounts(
    int Purchases, IReadOnlyDictionary<string, long> ByCustomer, IReadOnlyDictionary<string, long> ByProduct, decimal Revenue)
{
    /// <summary>The real file beside the repository, or null.</summary>
    public static string? RealFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "online-retail.csv.gz");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>Writes a small file of the same shape: customers, products, returns, rows without a customer, repeated rows.</summary>
    public static void Generate(string path, int rows, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(path, append: false, Encoding.UTF8);
        writer.WriteLine("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country");
        var at = new DateTime(2010, 12, 1, 8, 26, 0);
        var last = "";
        for (var row = 0; row < rows; row++)
        {
            at = at.AddSeconds(random.Next(0, 90));
            var product = random.Next(0, 300);
            var cancelled = random.Next(0, 30) == 0;
            var line = random.Next(0, 50) == 0 && last.Length > 0
                ? last
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(cancelled ? "C" : "")}{536365 + (row / 12)},{85000 + product}A,\"PRODUCT NUMBER {product}, RED\",{(cancelled || random.Next(0, 40) == 0 ? -1 : 1) * random.Next(1, 12)},{at:yyyy-MM-dd HH:mm:ss},{random.Next(0, 900) / 100m},{(random.Next(0, 5) == 0 ? "" : $"{17000 + random.Next(0, 400)}.0")},United Kingdom");
            last = line;
            writer.WriteLine(line);
        }
    }

    public static RetailCounts Of(string path)
    {
        var customers = new Dictionary<string, long>();
        var products = new Dictionary<string, long>();
        var (purchases, revenue) = (0, 0m);
        using Stream file = File.OpenRead(path);
        using var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        text.ReadLine();
        while (text.ReadLine() is { } line)
        {
            var fields = Split(line);
            var (stockCode, quantity, price, customer) = (fields[1], int.Parse(fields[3], CultureInfo.InvariantCulture), decimal.Parse(fields[5], CultureInfo.InvariantCulture), fields[6]);
            if (customer.Length == 0 || quantity <= 0 || price <= 0)
            {
                continue;
            }

            var id = customer[..^2];
            customers[id] = customers.GetValueOrDefault(id) + 1;
            products[stockCode] = products.GetValueOrDefault(stockCode) + 1;
            revenue += quantity * price;
            purchases++;
        }

        return new RetailCounts(purchases, customers, products, revenue);
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var character in line)
        {
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
