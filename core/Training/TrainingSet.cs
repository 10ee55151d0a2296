using Reco.Core.Als;
using Reco.Core.Evaluation;
using Reco.Core.Hashing;

namespace Reco.Core.Training;

/// <summary>A user's row as it was gathered.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ItemIds">Products in the order of the first dealing with them.</param>
/// <param name="Weights">Summed event weights, as many.</param>
public readonly record struct GatheredRow(string UserId, string[] ItemIds, float[] Weights);

/// <summary>What to train on and what to judge by. Users and items are numbered in ordinal order of their ids, so that the same rows give the same model.</summary>
public sealed class TrainingSet
{
    private TrainingSet(IReadOnlyList<string> itemIds, InteractionMatrix matrix, IReadOnlyList<Case> cases)
    {
        ItemIds = itemIds;
        Matrix = matrix;
        Cases = cases;
    }

    /// <summary>The product of each item.</summary>
    public IReadOnlyList<string> ItemIds { get; }

    /// <summary>The pairs that are not held out.</summary>
    public InteractionMatrix Matrix { get; }

    /// <summary>Users with something held out, in an order that a stable hash gives.</summary>
    internal IReadOnlyList<Case> Cases { get; }

    /// <summary>Sorts, numbers and splits the rows.</summary>
    public static TrainingSet From(IEnumerable<GatheredRow> rows, TrainingOptions options, CancellationToken cancellationToken)
    {
        var users = rows.OrderBy(row => row.UserId, StringComparer.Ordinal).ToList();
        var itemIds = users.SelectMany(row => row.ItemIds).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var numbers = itemIds.Select((id, number) => (id, number)).ToDictionary(i => i.id, i => i.number, StringComparer.Ordinal);
        var itemHashes = itemIds.ConvertAll(id => StableHash.Of(id));
        var holdOut = new HoldOut(options.HeldOutFraction, options.ProtectedItems);
        var builder = new InteractionMatrixBuilder(itemIds.Count);
        var cases = new List<(ulong Lot, Case Case)>();
        foreach (var user in users)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var userHash = StableHash.Of(user.UserId);
            var known = new List<WeightedItem>(user.ItemIds.Length);
            var heldOut = new List<int>();
            for (var place = 0; place < user.ItemIds.Length; place++)
            {
                var item = numbers[user.ItemIds[place]];
                if (holdOut.IsHeldOut(userHash, itemHashes[item], place))
                {
                    heldOut.Add(item);
                }
                else
                {
                    known.Add(new WeightedItem(item, user.Weights[place]));
                }
            }

            var row = known.ToArray();
            builder.AddRow(row);
            if (heldOut.Count > 0)
            {
                cases.Add((StableHash.Mix(userHash), new Case(row, [.. heldOut])));
            }
        }

        var chosen = cases.OrderBy(c => c.Lot).Take(options.EvaluationUsersMax).Select(c => c.Case).ToList();
        return new TrainingSet(itemIds, builder.Build(), chosen);
    }

    /// <summary>The cases with items numbered as in another model; an item that it does not know is missing from the row and counts as missed.</summary>
    internal List<HoldOutCase> CasesFor(Func<string, int> indexOf)
    {
        var numbers = ItemIds.Select(indexOf).ToArray();
        return [.. Cases.Select(c => new HoldOutCase(
            [.. c.Known.Where(known => numbers[known.Item] >= 0).Select(known => known with { Item = numbers[known.Item] })],
            [.. c.HeldOut.Select(item => numbers[item]).Where(item => item >= 0)],
            c.HeldOut.Length))];
    }

    internal sealed record Case(WeightedItem[] Known, int[] HeldOut);
}
