using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Fields;

/// <summary>Collects every broken rule, so that a client learns all of them at once.</summary>
internal sealed class FieldErrors
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> _rules = new(StringComparer.Ordinal);

    public bool Any => _rules.Count > 0;

    public IEnumerable<(string Field, string Rule)> All => _rules.SelectMany(broken => broken.Value.Select(rule => (broken.Key, rule)));

    public bool Has(string field) => _rules.ContainsKey(field);

    public void Add(string field, string rule) =>
        _rules[field] = _rules.TryGetValue(field, out var known) ? [.. known, rule] : [rule];

    public ProblemResult ToProblem() => Problem.Invalid(_rules);
}
