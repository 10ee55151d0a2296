namespace Reco.Grains.State;

/// <summary>Names of the storage that the grains ask for; the host binds them.</summary>
public static class GrainStorageNames
{
    /// <summary>Storage of all grains.</summary>
    public const string Grains = "grains";
}
