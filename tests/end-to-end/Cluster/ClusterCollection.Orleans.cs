namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>Clusters of processes, one after the other and after all other tests: half a dozen processes each.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection
{
    public const string Name = "cluster";
}
