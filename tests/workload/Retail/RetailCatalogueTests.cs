using Reco.Core.Catalogue;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Retail;

public sealed class RetailCatalogueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_SeveralLines_TakesTheLatestDescriptionAndTheMedianPrice()
    {
        var product = Assert.Single(Build(
            "1,85123A,OLD NAME,1,2010-12-01 08:00:00,2.55,1,UK",
            "2,85123A,WHITE HANGING HEART T-LIGHT HOLDER,1,2011-12-01 08:00:00,2.95,1,UK",
            "3,85123A,,1,2011-12-02 08:00:00,100,1,UK",
            "4,85123A,STALE NAME,1,2011-01-01 08:00:00,2.55,1,UK",
            "5,85123A,damaged,1,2011-12-09 08:00:00,0,1,UK",
            "6,85123A,?,-7,2011-12-09 08:00:00,9,,UK"));

        Assert.Equal("85123A", product.Id);
        Assert.Equal(ReadableName.From("WHITE HANGING HEART T-LIGHT HOLDER"), product.Name);
        Assert.Equal(CategoryGuess.FromDescription("WHITE HANGING HEART T-LIGHT HOLDER"), product.Category);
        Assert.Equal(2.75m, product.Price);
        Assert.Null(ProductRules.Check(product));
    }

    [Fact]
    public void Build_NoDescriptionAtAll_IsNamedByItsId() =>
        Assert.Equal("85123A", Assert.Single(Build("1,85123A,,1,2010-12-01 08:00:00,2.55,1,UK")).Name);

    [Fact]
    public void Build_GeneratedFile_AgreesWithTheObviousWay()
    {
        var records = RetailReader.Read(RetailCsv.Inspect(RetailCsv.Write(_folder, "big.csv", RetailCsv.Generate(3_000, seed: 5)))).ToArray();
        var catalogue = new RetailCatalogue();
        foreach (var record in records)
        {
            catalogue.Add(record);
        }

        var obvious = records.Where(r => r.Skip == RetailSkip.None).GroupBy(r => r.Value!.StockCode).ToDictionary(
            g => g.Key,
            g =>
            {
                var prices = g.Select(r => r.Value!.UnitPrice).Order().ToArray();
                return (prices[(prices.Length - 1) / 2] + prices[prices.Length / 2]) / 2;
            });
        Assert.Equal(obvious, catalogue.Build().ToDictionary(p => p.Id, p => p.Price));
    }

    private IReadOnlyList<Product> Build(params string[] rows)
    {
        var catalogue = new RetailCatalogue();
        foreach (var record in RetailReader.Read(RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", [RetailCsv.Header, .. rows]))))
        {
            catalogue.Add(record);
        }

        return catalogue.Build();
    }
}
