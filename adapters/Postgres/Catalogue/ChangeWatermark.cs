namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>
/// From which updated_at on a follower has to read so that it misses nothing, though a transaction may commit long after the time that it
/// wrote. Each reading notes the time and, after it, a transaction number of its own: numbers rise, so any transaction with a higher one
/// began to write after that time (the trigger of products takes its number before the time). When a later reading sees that all numbers
/// up to the noted one have ended, what it could not see was written after the noted time, and the reading after it starts there.
/// </summary>
/// <param name="overlap">For a server's clock that is set back; a full read now and then finds the rest.</param>
internal sealed class ChangeWatermark(TimeSpan overlap)
{
    /// <summary>
    /// How far back the readings look while a transaction runs that is older than the first reading: of when it wrote nothing is known, so
    /// all is read once more when it has ended.
    /// </summary>
    public static readonly TimeSpan BeforeFirst = TimeSpan.FromHours(1);

    private const int NotesMax = 1_024;

    private readonly List<Note> _notes = [];
    private DateTimeOffset? _from;

    /// <summary>To be called inside the reading's snapshot; answers the updated_at to read from, null for everything.</summary>
    /// <param name="now">The server's time before <paramref name="own"/> was given.</param>
    /// <param name="own">The reading transaction's number.</param>
    /// <param name="oldestRunning">All transactions before this number had ended when the snapshot was taken.</param>
    public DateTimeOffset? Advance(DateTimeOffset now, ulong own, ulong oldestRunning)
    {
        var isFirst = _notes.Count == 0;
        var readFrom = _from;
        var first = isFirst ? default : _notes[0];
        var ended = _notes.FindLastIndex(note => note.Transaction < oldestRunning);
        if (ended >= 0)
        {
            _from = _notes[ended].At - overlap;
            _notes.RemoveRange(0, ended);
        }

        Add(new Note(own, now));
        return isFirst ? null
            : readFrom is not null ? readFrom
            : ended >= 0 ? null
            : first.At - BeforeFirst;
    }

    /// <summary>A transaction that runs for long lets the notes pile up: every other one will do then, as only the reading gets longer.</summary>
    private void Add(Note note)
    {
        if (_notes.Count == NotesMax)
        {
            var kept = _notes.Where((_, index) => index % 2 == 0).ToList();
            _notes.Clear();
            _notes.AddRange(kept);
        }

        _notes.Add(note);
    }

    private readonly record struct Note(ulong Transaction, DateTimeOffset At);
}
