using Reco.Core.Catalogue;

namespace Reco.Workload.Traffic;

/// <summary>
/// What the shoppers like, hidden from the system under test: a vector for each user and each product, whose product is the
/// affinity. A product lies near its category and its brand; a user near a few categories and one brand. This is the structure
/// that a factor model is meant to find. Never changes after construction.
/// </summary>
public sealed class TasteModel
{
    private const int Dimensions = 8;

    /// <summary>How far single products and users stray from their group, against the group's own length of 1.</summary>
    private const double Spread = 0.35;

    /// <summary>Weight of the favourite category, the second and the third.</summary>
    private static readonly double[] CategoryWeights = [1.0, 0.6, 0.3];

    private readonly float[] _users;
    private readonly float[] _products;

    /// <summary>The tastes that follow from the seed.</summary>
    public TasteModel(int users, IReadOnlyList<Product> products, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(users);
        ArgumentOutOfRangeException.ThrowIfZero(products.Count, nameof(products));
        var random = new SplitMix(seed);
        // Ordered, so that the same shop in another order of products has the same groups.
        var categories = Groups(products.Select(p => p.Category), random);
        var brands = Groups(products.Select(p => p.Brand), random);
        _products = new float[products.Count * Dimensions];
        for (var i = 0; i < products.Count; i++)
        {
            Fill(_products, i, random, (categories[products[i].Category], 1.0), (brands[products[i].Brand], 0.5));
        }

        var categoryVectors = categories.Values.ToArray();
        var brandVectors = brands.Values.ToArray();
        _users = new float[users * Dimensions];
        for (var i = 0; i < users; i++)
        {
            var parts = CategoryWeights
                .Select(weight => (categoryVectors[random.NextInt(categoryVectors.Length)], weight))
                .Append((brandVectors[random.NextInt(brandVectors.Length)], 0.5))
                .ToArray();
            Fill(_users, i, random, parts);
        }
    }

    /// <summary>How much the user (0-based) likes the product (place in the list); on average 0, larger is better.</summary>
    public float Affinity(int user, int product)
    {
        var mine = _users.AsSpan(user * Dimensions, Dimensions);
        var its = _products.AsSpan(product * Dimensions, Dimensions);
        var sum = 0f;
        for (var d = 0; d < Dimensions; d++)
        {
            sum += mine[d] * its[d];
        }

        return sum;
    }

    private static SortedDictionary<string, double[]> Groups(IEnumerable<string> names, SplitMix random)
    {
        var groups = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal))
        {
            var vector = new double[Dimensions];
            var squares = 0d;
            for (var d = 0; d < Dimensions; d++)
            {
                vector[d] = random.NextNormal();
                squares += vector[d] * vector[d];
            }

            for (var d = 0; d < Dimensions; d++)
            {
                vector[d] /= Math.Sqrt(squares);
            }

            groups.Add(name, vector);
        }

        return groups;
    }

    private static void Fill(float[] table, int row, SplitMix random, params ReadOnlySpan<(double[] Vector, double Weight)> parts)
    {
        for (var d = 0; d < Dimensions; d++)
        {
            var value = Spread * random.NextNormal();
            foreach (var (vector, weight) in parts)
            {
                value += weight * vector[d];
            }

            table[(row * Dimensions) + d] = (float)value;
        }
    }
}
