using Reco.Core.Catalogue;
using Reco.GrainInterfaces;

namespace Reco.Workload.Traffic;

/// <summary>What a shopper types to find a product: its category, words of its name, or brand and category.</summary>
internal static class SearchPhrases
{
    public static string[] For(Product product)
    {
        var words = product.Name.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var category = product.Category.ToLowerInvariant();
        string[] phrases =
        [
            string.Join(' ', words.Take(2)),
            string.Join(' ', words.TakeLast(2)),
            category,
            $"{product.Brand.ToLowerInvariant()} {category}".Trim(),
        ];
        var usable = phrases.Where(p => p.Length > 0).Select(Bounded).Distinct().ToArray();
        return usable.Length > 0 ? usable : [Bounded(product.Id)];
    }

    private static string Bounded(string phrase) =>
        phrase.Length <= EventRules.QueryCharactersMax ? phrase : phrase[..EventRules.QueryCharactersMax];
}
