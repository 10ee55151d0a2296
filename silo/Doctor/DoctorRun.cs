using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Core.Ports;
using Reco.Silo.Cluster;
using Reco.Silo.Commands;
using Reco.Silo.Hosting;

namespace Reco.Silo.Doctor;

/// <summary>Finds where the grain state is by the same settings as a silo, and examines all of it.</summary>
internal static class DoctorRun
{
    public static async Task<int> RunAsync(
        Dictionary<string, string?> settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var found = new StateExamination();
        try
        {
            await using var app = RecoApplication.Build(settings);
            RecoApplication.Check(app);
            await foreach (var state in StatesOf(app, cancellationToken))
            {
                found.Look(state);
            }
        }
        catch (Exception failure) when (HostRun.IsForThePerson(failure) || failure is NpgsqlException || GrainHost.IsStorageFailure(failure))
        {
            await error.WriteLineAsync($"reco doctor: cannot look: {failure.Message}");
            return DoctorCommand.CannotLook;
        }

        foreach (var damaged in found.Damaged)
        {
            await output.WriteLineAsync($"damaged  {damaged}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Seen.Values.Sum()} states looked at ({string.Join(", ", found.Seen.Select(seen => $"{seen.Value} {seen.Key}"))}), {found.DamagedCount} damaged"));
        return found.DamagedCount == 0 ? DoctorCommand.Healthy : DoctorCommand.Damaged;
    }

    private static IAsyncEnumerable<StoredState> StatesOf(WebApplication app, CancellationToken cancellationToken)
    {
        var options = new ClusterOptions();
        app.Configuration.GetSection(ClusterOptions.Section).Bind(options);
        var choice = ClusterChoice.Of(options, app.Configuration);
        return choice.Storage switch
        {
            ClusterStorage.Postgres => PostgresStates.ReadAsync(choice.Postgres!, options.ServiceId, cancellationToken),
            ClusterStorage.Redis => GrainHost.RedisStates(app.Configuration, options.ServiceId, cancellationToken),
            ClusterStorage.Memory => throw new OptionsValidationException(
                ClusterOptions.Section, typeof(ClusterOptions), ["Cluster:Storage is Memory: nothing is stored."]),
            _ => EmbeddedStates.ReadAsync(app.Services.GetRequiredService<IStateStore>(), cancellationToken),
        };
    }
}
