using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Adapters.Postgres.Catalogue;

namespace Reco.Adapters.Postgres.Schema;

/// <summary>
/// Brings the database to the newest schema, and an empty shop to its seeded products, before what uses them starts. A server that is away
/// does not hold the host up: it is tried again in the background, and <see cref="Ready"/> says when it is done.
/// </summary>
public sealed partial class PostgresStartup(
    SchemaMigrator migrator, ShopFiller filler, IOptions<PostgresOptions> options, TimeProvider time, ILogger<PostgresStartup> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Task _trying = Task.CompletedTask;
    private volatile string? _problem = "not looked at yet";

    /// <summary>Completes when schema and shop are there; never fails.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Why it is not ready, with what to do; null when it is.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(cancellationToken))
        {
            _trying = TryAgainAsync(_stopping.Token);
        }
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
        await _trying.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task TryAgainAsync(CancellationToken stopping)
    {
        var waits = new RetryWaits(TimeSpan.FromSeconds(options.Value.RetrySecondsMax), time);
        try
        {
            do
            {
                await waits.WaitAsync(stopping);
            }
            while (!await TryAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops before PostgreSQL came.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await migrator.MigrateAsync(cancellationToken);
            await filler.FillWhenEmptyAsync(cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsOfTheServer(failure))
        {
            var problem = PostgresFaults.Describe(failure, options.Value.ConnectionString);
            if (problem != _problem)
            {
                LogAway(problem, options.Value.RetrySecondsMax);
            }

            _problem = problem;
            return false;
        }

        _problem = null;
        _ready.TrySetResult();
        LogReady();
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}. The system goes on without it and tries again at least every {RetrySecondsMax} s")]
    private partial void LogAway(string problem, double retrySecondsMax);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL is ready")]
    private partial void LogReady();
}
