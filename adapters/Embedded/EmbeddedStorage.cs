using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.DeadLetters;
using Reco.Adapters.Embedded.Journal;
using Reco.Adapters.Embedded.State;
using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded;

/// <summary>The three stores of a data folder, opened together and closed together.</summary>
public sealed class EmbeddedStorage : IAsyncDisposable
{
    private readonly StorageMetrics _metrics;

    private EmbeddedStorage(StorageMetrics metrics, EventJournal eventLog, EmbeddedStateStore state, EmbeddedDeadLetterLog deadLetters) =>
        (_metrics, EventLog, State, DeadLetters) = (metrics, eventLog, state, deadLetters);

    /// <summary>In {DataFolder}/journal.</summary>
    public EventJournal EventLog { get; }

    /// <summary>In {DataFolder}/state.</summary>
    public EmbeddedStateStore State { get; }

    /// <summary>In {DataFolder}/dead-letters.</summary>
    public EmbeddedDeadLetterLog DeadLetters { get; }

    /// <summary>Opens all three; a folder that is not there is made.</summary>
    /// <exception cref="Reco.Core.Ports.EventLogException">The event log cannot be opened: the message says why and what to do.</exception>
    /// <exception cref="StorageException">Another store cannot be opened: the message says why and what to do.</exception>
    public static EmbeddedStorage Open(EmbeddedOptions options, TimeProvider clock, ILoggerFactory loggers, IMeterFactory? meters = null)
    {
        var metrics = new StorageMetrics(meters);
        var undo = new Stack<Action>([metrics.Dispose]);
        try
        {
            var journal = EventJournal.Open(
                Path.Combine(options.DataFolder, "journal"), options.Partitions, options.Journal, clock, metrics,
                loggers.CreateLogger<EventJournal>());
            undo.Push(journal.Abandon);
            var state = EmbeddedStateStore.Open(
                Path.Combine(options.DataFolder, "state"), options.State, metrics, loggers.CreateLogger<EmbeddedStateStore>());
            undo.Push(state.Abandon);
            var deadLetters = EmbeddedDeadLetterLog.Open(
                Path.Combine(options.DataFolder, "dead-letters"), options.DeadLetters, clock, metrics,
                loggers.CreateLogger<EmbeddedDeadLetterLog>());
            return new EmbeddedStorage(metrics, journal, state, deadLetters);
        }
        catch
        {
            while (undo.TryPop(out var step))
            {
                step();
            }

            throw;
        }
    }

    /// <summary>Writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await EventLog.DisposeAsync();
        await State.DisposeAsync();
        await DeadLetters.DisposeAsync();
        _metrics.Dispose();
    }
}
