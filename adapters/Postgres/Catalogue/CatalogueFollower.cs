using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Adapters.Postgres.Schema;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>Has the catalogue read before other services start, when PostgreSQL is there, and follow its changes from then on.</summary>
public sealed partial class CatalogueFollower(
    PostgresCatalogue catalogue,
    PostgresStartup startup,
    IOptions<PostgresOptions> options,
    TimeProvider time,
    ILogger<CatalogueFollower> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private volatile string? _problem;

    /// <summary>Why the catalogue may be old, with what to do; null when it is not.</summary>
    public string? Problem => startup.Problem ?? _problem;

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (startup.Ready.IsCompleted)
        {
            await TryAsync(cancellationToken);
        }

        _following = FollowAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(CancellationToken stopping)
    {
        var interval = TimeSpan.FromSeconds(options.Value.CataloguePollSeconds);
        var waits = new RetryWaits(TimeSpan.FromSeconds(options.Value.RetrySecondsMax), time);
        try
        {
            await startup.Ready.WaitAsync(stopping);
            while (true)
            {
                if (await TryAsync(stopping))
                {
                    waits.Reset();
                    await Task.Delay(interval, time, stopping);
                }
                else
                {
                    await waits.WaitAsync(stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await catalogue.FollowAsync(cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsOfTheServer(failure))
        {
            var problem = PostgresFaults.Describe(failure, options.Value.ConnectionString);
            if (_problem is null)
            {
                LogAway(problem, catalogue.Products.Count);
            }

            _problem = problem;
            return false;
        }

        if (_problem is not null)
        {
            _problem = null;
            LogBack(catalogue.Products.Count);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}. The catalogue goes on with the {Products} products that it has")]
    private partial void LogAway(string problem, int products);

    [LoggerMessage(Level = LogLevel.Information, Message = "The catalogue follows PostgreSQL again: {Products} products")]
    private partial void LogBack(int products);
}
