using System.Globalization;
using Reco.Core.Catalogue.Seeds;
using Reco.Core.Hashing;

namespace Reco.Core.Catalogue;

/// <summary>
/// A believable shop without a data set: ten categories, invented brands, distinct names, log-normal prices that end as a shop's do.
/// The same seed gives the same shop everywhere, and a smaller shop is the beginning of a larger one.
/// </summary>
public static class SeededCatalogue
{
    /// <summary>Seed of the default shop.</summary>
    public const ulong DefaultSeed = 20_111_209;

    /// <summary>Most products that can be asked for.</summary>
    public const int ProductsMax = 1_000_000;

    private const int PlainAttempts = 8;
    private const int NumberedAttempts = 64;

    private static readonly int TotalWeight = SeedPlans.All.Sum(plan => plan.Weight);

    /// <summary>Products `product_0001`, `product_0002`, ... in order of their number.</summary>
    /// <param name="products">How many, 0 to <see cref="ProductsMax"/>.</param>
    /// <param name="seed">Which shop.</param>
    public static IReadOnlyList<Product> Generate(int products = 1000, ulong seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(products);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(products, ProductsMax);
        var names = new HashSet<string>(products, StringComparer.OrdinalIgnoreCase);
        var shop = new Product[products];
        for (var i = 0; i < products; i++)
        {
            shop[i] = Make(i + 1, new SeedRandom(StableHash.Combine(seed, (ulong)i)), names);
        }

        return Array.AsReadOnly(shop);
    }

    private static Product Make(int number, SeedRandom random, HashSet<string> names)
    {
        var plan = PickPlan(ref random);
        var type = random.Pick(plan.Types);
        var brand = random.Pick(plan.Brands);
        var price = ShopPrice.Round(type.MedianPrice * Math.Exp(type.Spread * random.NextNormal()));
        var stock = PickStock(ref random);
        return new Product
        {
            Id = "product_" + number.ToString("D4", CultureInfo.InvariantCulture),
            Name = PickName(plan, type, brand, number, ref random, names),
            Category = plan.Name,
            Brand = brand,
            Price = price,
            Stock = stock,
        };
    }

    private static CategoryPlan PickPlan(ref SeedRandom random)
    {
        var ticket = random.Next(0, TotalWeight);
        foreach (var plan in SeedPlans.All)
        {
            ticket -= plan.Weight;
            if (ticket < 0)
            {
                return plan;
            }
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    /// <summary>One in 33 is sold out; the others have a median of 60 pieces with a long tail.</summary>
    private static int PickStock(ref SeedRandom random)
    {
        var soldOut = random.Next(0, 33) == 0;
        var pieces = (int)(60 * Math.Exp(0.9 * random.NextNormal()));
        return soldOut ? 0 : Math.Clamp(pieces, 1, 5_000);
    }

    private static string PickName(
        CategoryPlan plan, ProductType type, string brand, int number, ref SeedRandom random, HashSet<string> names)
    {
        for (var attempt = 0; attempt < NumberedAttempts; attempt++)
        {
            var model = plan.Numbered || attempt >= PlainAttempts ? random.Next(2, 100) : 0;
            var name = Name(plan, type, brand, model, ref random);
            if (names.Add(name))
            {
                return name;
            }
        }

        // A shop so large that its names run out tells products apart by their number.
        var last = Name(plan, type, brand, 1_000 + number, ref random);
        names.Add(last);
        return last;
    }

    private static string Name(CategoryPlan plan, ProductType type, string brand, int model, ref SeedRandom random)
    {
        var line = random.Pick(plan.Lines);
        var feature = random.Pick(type.Features);
        var variant = random.Pick(type.Variants);
        var suffix = model == 0 ? "" : " " + model.ToString(CultureInfo.InvariantCulture);
        return plan.TitleFirst
            ? $"{line} {feature}{suffix}: {type.Noun}, {variant}"
            : $"{brand} {line}{suffix} {feature} {type.Noun}, {variant}";
    }
}
