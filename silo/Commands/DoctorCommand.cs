using System.CommandLine;
using Reco.Silo.Doctor;

namespace Reco.Silo.Commands;

/// <summary><c>reco doctor</c>: looks at every stored grain state and names those that cannot be read. Changes nothing.</summary>
internal static class DoctorCommand
{
    public const int Healthy = 0;
    public const int CannotLook = 1;
    public const int Damaged = 3;

    public static Command Create()
    {
        var host = new ProcessOptions();
        var command = new Command("doctor", "Looks at every stored grain state and names those that cannot be read; changes nothing. Exit codes: 0 all well, 1 could not look, 3 something is damaged.")
        {
            host.Data, host.Set,
        };
        command.SetAction((parsed, cancellationToken) =>
            DoctorRun.RunAsync(host.Settings(parsed, []), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }
}
