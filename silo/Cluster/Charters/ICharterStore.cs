namespace Reco.Silo.Cluster.Charters;

/// <summary>The charters of a cluster's silos, kept where the list of silos is.</summary>
internal interface ICharterStore
{
    Task WriteAsync(string silo, ClusterCharter charter, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<string, ClusterCharter>> ReadAllAsync(CancellationToken cancellationToken);

    Task RemoveAsync(IReadOnlyCollection<string> silos, CancellationToken cancellationToken);
}

/// <summary>
/// A mark that is kept with the grain state of one service, made by the first who asks: two places are one when they have the same mark,
/// whatever they are called.
/// </summary>
internal interface IStateMark
{
    Task<string> ReadOrMakeAsync(CancellationToken cancellationToken);
}
