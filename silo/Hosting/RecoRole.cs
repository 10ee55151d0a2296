namespace Reco.Silo.Hosting;

/// <summary>What a process of ours is.</summary>
public enum RecoRole
{
    /// <summary>Grains, ingest, training and the REST gateway; alone the whole system.</summary>
    Silo,

    /// <summary>The REST gateway alone, without state: a client of silos elsewhere (RecoHost=Orleans).</summary>
    Gateway,
}
