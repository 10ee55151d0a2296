using Reco.Core.Als;
using Reco.Core.Evaluation;
using Reco.Core.Tests.Als;

namespace Reco.Core.Tests.Evaluation;

/// <summary>
/// A shop whose users have hidden tastes: an item of the user's own is drawn some six to one against all the others together, and within a
/// taste some items are far more popular (Zipf), so that popularity alone is a real opponent.
/// </summary>
internal sealed record TasteShop(InteractionMatrix Training, IReadOnlyList<HoldOutCase> Cases, float[] Popularity)
{
    public static TasteShop Create(int users, int items, int tastes, int seed)
    {
        var random = new Random(seed);
        var holdOut = new HoldOut(0.2, protectedItems: 5);
        var rows = new List<WeightedItem[]>();
        var cases = new List<HoldOutCase>();
        var popularity = new float[items];
        for (var user = 0; user < users; user++)
        {
            var taste = random.Next(tastes);
            var wanted = Enumerable.Range(0, items)
                .Select(item => (item % tastes == taste ? 5.0 * tastes : 1.0) / (1 + item / tastes)).ToArray();
            var known = new List<WeightedItem>();
            var heldOut = new List<int>();
            foreach (var item in Draw(wanted, 10 + random.Next(11), random))
            {
                if (holdOut.IsHeldOut($"user_{user}", $"item_{item}", known.Count + heldOut.Count))
                {
                    heldOut.Add(item);
                }
                else
                {
                    known.Add(new WeightedItem(item, 1 + random.Next(5)));
                    popularity[item]++;
                }
            }

            rows.Add([.. known]);
            if (heldOut.Count > 0)
            {
                cases.Add(new HoldOutCase([.. known], [.. heldOut], heldOut.Count));
            }
        }

        return new TasteShop(SampleData.Of(items, [.. rows]), cases, popularity);
    }

    /// <summary>Distinct items, each next one with probability proportional to its weight.</summary>
    private static IEnumerable<int> Draw(double[] weights, int count, Random random)
    {
        for (var drawn = 0; drawn < count; drawn++)
        {
            var left = random.NextDouble() * weights.Sum();
            var item = 0;
            while (item < weights.Length - 1 && (left -= weights[item]) >= 0)
            {
                item++;
            }

            yield return item;
            weights[item] = 0;
        }
    }
}
