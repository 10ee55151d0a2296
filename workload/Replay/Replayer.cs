using Reco.Workload.Http;
using Reco.Workload.Retail;

namespace Reco.Workload.Replay;

/// <summary>
/// Sends a retail file to a running system: first its catalogue, then each clean purchase as an event, in file order for each user.
/// While one window of events is in flight the next is read. Killed at any moment it resumes from its saved progress: nothing is
/// lost, and what is sent again carries the same event ids, which the system drops.
/// </summary>
public sealed class Replayer(
    ReplayOptions options,
    EventApi api,
    IReplayProgressStore? store,
    TimeProvider time,
    IReplayObserver observer)
{
    private const int RejectionsKeptMax = 20;

    private readonly List<string> _rejections = [];
    private ReplayProgress _acknowledged = new("", 0, 0, 0);
    private long _savedEvents;

    /// <summary>Replays from the saved progress to the end of the file or the limit.</summary>
    /// <exception cref="RetailFormatException">The file cannot be used.</exception>
    /// <exception cref="ReplayProgressException">The progress is of another file, or damaged.</exception>
    /// <exception cref="ApiUnavailableException">The server was away for too long; the progress is saved.</exception>
    /// <exception cref="ApiRefusedException">The server refuses what is sent; the progress is saved.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the progress is saved.</exception>
    public async Task<ReplaySummary> RunAsync(CancellationToken cancellationToken)
    {
        var file = RetailFile.Inspect(options.Path, cancellationToken);
        _acknowledged = Resume(file);
        _savedEvents = _acknowledged.Events;
        var already = _acknowledged.Events;

        var (tally, catalogue) = ReadAll(file, cancellationToken);
        var products = catalogue.Build();
        await api.PutProductsAsync(products, cancellationToken);
        observer.Begun(tally, products.Count, _acknowledged);

        var startedAt = time.GetTimestamp();
        try
        {
            await SendAllAsync(file, cancellationToken);
        }
        finally
        {
            store?.Save(_acknowledged);
        }

        return new ReplaySummary(
            _acknowledged, tally, products.Count, _acknowledged.Events - already, time.GetElapsedTime(startedAt), _rejections);
    }

    private ReplayProgress Resume(RetailFile file)
    {
        var saved = store?.Load() ?? new ReplayProgress(file.Identity, 0, 0, 0);
        return saved.FileIdentity == file.Identity
            ? saved
            : throw new ReplayProgressException(
                $"The progress is of a file with other content ({saved.FileIdentity}) than {file.Path} ({file.Identity}). "
                + "Name that file, or another progress file to begin anew.");
    }

    private (RetailTally Tally, RetailCatalogue Catalogue) ReadAll(RetailFile file, CancellationToken cancellationToken)
    {
        var tally = new RetailTally();
        var catalogue = new RetailCatalogue();
        foreach (var record in RetailReader.Read(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            tally.Add(record);
            catalogue.Add(record);
        }

        return (tally, catalogue);
    }

    private async Task SendAllAsync(RetailFile file, CancellationToken cancellationToken)
    {
        using var flight = new WindowFlight(api, options.Lanes);
        try
        {
            await FillAsync(flight, file, cancellationToken);
        }
        finally
        {
            // Whatever ended the reading, what is in flight is answered first, so that its acknowledgement is not forgotten.
            Acknowledge(await flight.LandAsync());
        }
    }

    private async Task FillAsync(WindowFlight flight, RetailFile file, CancellationToken cancellationToken)
    {
        var pacer = new ReplayPacer(time, options.Speed);
        var resumeRow = _acknowledged.Rows;
        var limit = options.Limit ?? long.MaxValue;
        var events = _acknowledged.Events;
        var row = resumeRow;
        foreach (var record in RetailReader.Read(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.Row <= resumeRow)
            {
                continue;
            }

            if (record.Skip == RetailSkip.None)
            {
                if (events >= limit)
                {
                    break;
                }

                if (pacer.DelayBefore(record.Value!.InvoiceDateMs) is var delay && delay > TimeSpan.Zero)
                {
                    await NextWindowAsync(flight, row, cancellationToken);
                    await NextWindowAsync(flight, row, cancellationToken);
                    await Task.Delay(delay, time, cancellationToken);
                }

                flight.Filling.Add(RetailEvents.Of(file, record.Row, record.Value));
                events++;
            }

            row = record.Row;
            if (flight.Filling.IsFull)
            {
                await NextWindowAsync(flight, row, cancellationToken);
            }
        }

        await NextWindowAsync(flight, row, cancellationToken);
    }

    private async Task NextWindowAsync(WindowFlight flight, long lastRow, CancellationToken cancellationToken)
    {
        Acknowledge(await flight.LandAsync());
        flight.TakeOff(lastRow, cancellationToken);
    }

    private void Acknowledge(Landed? landed)
    {
        if (landed is not { } window)
        {
            return;
        }

        _acknowledged = _acknowledged with
        {
            Rows = window.LastRow,
            Accepted = _acknowledged.Accepted + window.Result.Accepted,
            Rejected = _acknowledged.Rejected + window.Result.Rejected.Count,
        };
        _rejections.AddRange(window.Result.Rejected.Take(RejectionsKeptMax - _rejections.Count).Select(one => one.ToString()));
        if (_acknowledged.Events - _savedEvents >= options.SaveEveryEvents)
        {
            store?.Save(_acknowledged);
            _savedEvents = _acknowledged.Events;
        }

        observer.Advanced(_acknowledged);
    }
}
