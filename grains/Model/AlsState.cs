using Reco.GrainInterfaces;

namespace Reco.Grains.Model;

/// <summary>What outlives a restart: the published model, so that serving goes on at once, and the number of the last run.</summary>
[GenerateSerializer, Alias("reco.AlsState")]
public sealed class AlsState
{
    /// <summary>The model, as ServingModelCodec writes it; empty before the first.</summary>
    [Id(0)]
    public byte[] Model { get; set; } = [];

    /// <summary>Facts about it; null before the first.</summary>
    [Id(1)]
    public ModelInfo? Info { get; set; }

    /// <summary>Number of the last run.</summary>
    [Id(2)]
    public long LastRun { get; set; }

    /// <summary>The row revisions that the last finished run saw, summed: equal means that nothing has changed.</summary>
    [Id(3)]
    public long TrainedRevision { get; set; } = -1;
}
