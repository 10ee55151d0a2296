using Microsoft.Extensions.Options;

namespace Reco.Silo.Cluster.Charters;

/// <summary>
/// Ends a silo that would join a cluster of another deployment, while it is on its way: it is in the list already, so that two newcomers
/// see each other, but no grain is placed on it and it has no partition. It runs beside Orleans' own check that the members can be
/// reached, which declares dead those that died with their cluster.
/// </summary>
internal sealed partial class CharterGate(
    OwnCharter own,
    ICharterStore store,
    IMembershipTable list,
    ILocalSiloDetails here,
    IOptions<ClusterOptions> options,
    TimeProvider time,
    ILogger<CharterGate> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Signs of life come every 5 s; after an outage of the list a silo may leave it at that for 64 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(CharterGate), ServiceLifecycleStage.ValidateInitialConnectivity, PassAsync);

    /// <exception cref="OptionsValidationException">The cluster's charter is another.</exception>
    private async Task PassAsync(CancellationToken cancellationToken)
    {
        var self = here.SiloAddress.ToParsableString();
        var charter = await own.DrawUpAsync(cancellationToken);
        await store.WriteAsync(self, charter, cancellationToken);
        var comparison = new CharterComparison(self, charter);
        var started = time.GetTimestamp();
        for (var verdict = await LookAsync(comparison, cancellationToken); verdict.Standing != CharterStanding.Agreed;)
        {
            if (verdict.Standing == CharterStanding.Refused || time.GetElapsedTime(started) > Patience)
            {
                await store.RemoveAsync([self], cancellationToken);
                throw new OptionsValidationException(ClusterOptions.Section, typeof(ClusterOptions), [verdict.Refusal(options.Value.ClusterId)]);
            }

            if (comparison.IsFirstLook)
            {
                LogUnclear(verdict.Silo!);
            }

            await Task.Delay(Pause, time, cancellationToken);
            verdict = await LookAsync(comparison, cancellationToken);
        }
    }

    /// <summary>Charters first, then the list: whoever has a charter was in the list before. What is in the list no more takes its charter along.</summary>
    private async Task<CharterVerdict> LookAsync(CharterComparison comparison, CancellationToken cancellationToken)
    {
        var charters = await store.ReadAllAsync(cancellationToken);
        var silos = (await list.ReadAllAsync(cancellationToken)).Members.Select(member => member.Item1).ToList();
        var gone = charters.Keys.Except(silos.Select(silo => silo.SiloAddress.ToParsableString()), StringComparer.Ordinal).ToList();
        if (gone.Count > 0)
        {
            await store.RemoveAsync(gone, cancellationToken);
        }

        return comparison.Look([.. silos.Where(silo => silo.Status != SiloStatus.Dead).Select(ListedOf)], charters);
    }

    private static ListedSilo ListedOf(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(), entry.Status is not (SiloStatus.Created or SiloStatus.Joining), entry.StartTime, entry.IAmAliveTime);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} of this cluster is set up differently; looking whether it is alive")]
    private partial void LogUnclear(string silo);
}
