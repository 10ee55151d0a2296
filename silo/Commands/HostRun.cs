using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Silo.Hosting;

namespace Reco.Silo.Commands;

/// <summary>Runs a process of ours until it is told to stop.</summary>
internal static class HostRun
{
    private const int Done = 0;
    private const int CannotStart = 1;

    public static async Task<int> RunAsync(Dictionary<string, string?> settings, RecoRole role, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = RecoApplication.Build(settings, services => services.AddHostedService<ReadyAnnouncement>(), role);
            RecoApplication.Check(app);
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return Done;
        }
        catch (Exception refused) when (IsForThePerson(refused))
        {
            await Console.Error.WriteLineAsync($"reco: cannot start: {refused.Message}");
            return CannotStart;
        }
    }

    /// <summary>A wrong setting, a port that is taken, a damaged or locked data folder: the message says what to do, a stack does not.</summary>
    public static bool IsForThePerson(Exception failure) =>
        failure is OptionsValidationException or EventLogException or IOException
        || (failure is InvalidOperationException && failure.Source == "Microsoft.Extensions.Configuration.Binder");
}
