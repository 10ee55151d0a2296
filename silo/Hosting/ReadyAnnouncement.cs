using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reco.Silo.Hosting;

/// <summary>Prints "ready http://..." on stdout once the system answers: what people and scripts wait for.</summary>
internal sealed class ReadyAnnouncement(
    IHostApplicationLifetime lifetime, IServer server, HealthCheckService health, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            while ((await health.CheckHealthAsync(stoppingToken)).Status == HealthStatus.Unhealthy)
            {
                await Task.Delay(Interval, time, stoppingToken);
            }

            var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            Console.WriteLine($"ready {addresses.FirstOrDefault()}");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
    }
}
