using System.CommandLine;
using Reco.Silo.Hosting;

namespace Reco.Silo.Commands;

/// <summary><c>reco gateway</c>: the REST gateway without grains, a client of a cluster.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var host = new ProcessOptions();
        var command = new Command("gateway", "Runs the REST gateway alone, as a client of silos elsewhere (RecoHost=Orleans). Prints 'ready <address>' once it is connected.")
        {
            host.Port, host.Data, host.Set,
        };
        command.SetAction((parsed, cancellationToken) => HostRun.RunAsync(host.Settings(parsed, []), RecoRole.Gateway, cancellationToken));
        return command;
    }
}
