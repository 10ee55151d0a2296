namespace Reco.Adapters.Postgres.Feed;

/// <summary>A place in the order of the database's transactions.</summary>
/// <param name="At">The server's time, before the number was given.</param>
/// <param name="Transaction">A transaction number of one's own: what has a higher one wrote after <paramref name="At"/>.</param>
/// <param name="OldestRunning">All transactions before this number had ended.</param>
/// <param name="RunningSince">The earliest that a transaction running at that time can have written anything.</param>
public sealed record FeedMoment(DateTimeOffset At, ulong Transaction, ulong OldestRunning, DateTimeOffset RunningSince);
