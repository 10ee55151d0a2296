namespace Reco.Silo.Doctor;

/// <summary>A state as it is stored.</summary>
/// <param name="Grain">The grain's id.</param>
/// <param name="Name">The name of the state, which says who reads it.</param>
/// <param name="Json">What is stored.</param>
internal readonly record struct StoredState(string Grain, string Name, ReadOnlyMemory<byte> Json)
{
    /// <summary>From "{grain type}/{grain key}/{state}": the grain's key may contain slashes, the state's name does not.</summary>
    public static StoredState Of(string key, ReadOnlyMemory<byte> json)
    {
        var slash = key.LastIndexOf('/');
        return new StoredState(key[..Math.Max(slash, 0)], key[(slash + 1)..], json);
    }
}
