using Reco.Grains.State;

namespace Reco.Silo.Doctor;

/// <summary>Reads stored states as their grains would, and counts what it finds.</summary>
internal sealed class StateExamination
{
    /// <summary>More than anybody reads; the rest is counted.</summary>
    private const int NamedMax = 1_000;

    private readonly SortedDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _damaged = [];

    /// <summary>States that cannot be read, with the reason; the first of them.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>How many cannot be read.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>How many there are of each name.</summary>
    public IReadOnlyDictionary<string, int> Seen => _seen;

    public void Look(StoredState state)
    {
        _seen[state.Name] = _seen.GetValueOrDefault(state.Name) + 1;
        var fault = StateCheck.Names.Contains(state.Name)
            ? StateCheck.Fault(state.Name, state.Json.Span)
            : $"no grain of this release has a state called '{state.Name}'";
        if (fault is null)
        {
            return;
        }

        DamagedCount++;
        if (_damaged.Count < NamedMax)
        {
            _damaged.Add($"{state.Grain} ({state.Name}): {fault}");
        }
    }
}
