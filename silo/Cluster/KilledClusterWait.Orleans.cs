using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Reco.Silo.Cluster;

/// <summary>
/// A cluster that was killed wholly leaves silos in the list that nobody was left to declare dead. A newcomer does that, but only with those
/// whose signs of life are old already when it joins; for one that seems fresh it would wait in vain until its start fails. So it waits here,
/// before it joins, until the signs of those that refuse a connection have become old: for 15 s at most after the kill, if clocks agree.
/// </summary>
internal sealed partial class KilledClusterWait(
    IMembershipTable list, ILocalSiloDetails here, IOptions<ClusterMembershipOptions> options, TimeProvider time, ILogger<KilledClusterWait> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>For clocks that are ahead of ours; after it the silo tries to join.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private TimeSpan Freshness => options.Value.IAmAliveTablePublishTimeout * options.Value.NumMissedTableIAmAliveLimit;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(KilledClusterWait), ServiceLifecycleStage.AfterRuntimeGrainServices - 1, WaitAsync);

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var isFirst = true; time.GetElapsedTime(started) < Freshness + ClockTolerance; isFirst = false)
        {
            var members = (await list.ReadAllAsync(cancellationToken)).Members.Select(member => member.Item1);
            var unreachable = await UnreachableAsync([.. members.Where(SeemsAlive)], cancellationToken);
            if (unreachable.Count == 0)
            {
                return;
            }

            if (isFirst)
            {
                LogWaiting(string.Join(", ", unreachable), Freshness);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>One with this silo's own address is its predecessor, which Orleans itself declares dead.</summary>
    private bool SeemsAlive(MembershipEntry entry) =>
        entry.Status == SiloStatus.Active
        && !entry.SiloAddress.Endpoint.Equals(here.SiloAddress.Endpoint)
        && time.GetUtcNow().UtcDateTime - (entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime) <= Freshness;

    private static async Task<List<IPEndPoint>> UnreachableAsync(List<MembershipEntry> silos, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(silos.Select(async silo => (silo.SiloAddress.Endpoint, Answers: await AnswersAsync(silo.SiloAddress.Endpoint, cancellationToken))));
        return [.. answers.Where(answer => !answer.Answers).Select(answer => answer.Endpoint)];
    }

    private static async Task<bool> AnswersAsync(IPEndPoint silo, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectTimeout);
        using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo, patience.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Whether it is dead or cut off is not for this silo to decide: it only waits.
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Silos {Silos} are in the cluster's list but do not answer; joining when they are seen off, or give no sign of life for {Freshness}")]
    private partial void LogWaiting(string silos, TimeSpan freshness);
}
