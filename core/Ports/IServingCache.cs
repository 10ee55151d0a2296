namespace Reco.Core.Ports;

/// <summary>
/// Documents and rankings that are ready to be served, kept for a time; other programs may read them. It may lose everything at any time: whoever
/// reads it knows where to get the same elsewhere. Safe to use from any thread.
/// </summary>
public interface IServingCache
{
    /// <summary>Whether it takes calls at the moment. One that does not fails every call at once.</summary>
    bool IsAvailable { get; }

    /// <summary>Why it does not, or what it refused last, in a sentence; null when all is well.</summary>
    string? Problem { get; }

    /// <summary>Goes up each time it may have lost what it held; 0 before it was available.</summary>
    long Generation { get; }

    /// <summary>The document, or null when there is none or its time is over.</summary>
    /// <exception cref="ServingCacheException">It cannot be asked now.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Members of a ranking, highest score first, ties in descending ordinal order (as Redis has it); empty when there is none.</summary>
    /// <exception cref="ServingCacheException">It cannot be asked now.</exception>
    ValueTask<IReadOnlyList<RankedMember>> ReadRankingAsync(string key, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all of it in one round trip, each over what was there. A reader sees a ranking whole: the old one or the new one.
    /// </summary>
    /// <exception cref="ServingCacheException">It cannot be written now, or some of it was refused; the rest is written.</exception>
    ValueTask WriteAsync(ServingWrites writes, CancellationToken cancellationToken);
}

/// <summary>What to write at once.</summary>
public sealed record ServingWrites
{
    /// <summary>Documents, their keys distinct.</summary>
    public IReadOnlyList<ServingDocument> Documents { get; init; } = [];

    /// <summary>Rankings, their keys distinct and none of a document.</summary>
    public IReadOnlyList<ServingRanking> Rankings { get; init; } = [];
}

/// <summary>A document.</summary>
/// <param name="Key">As <see cref="Reco.Core.Serving.ServingKeys"/> has it.</param>
/// <param name="Json">UTF-8; not changed afterwards.</param>
/// <param name="TimeToLive">Above zero.</param>
public readonly record struct ServingDocument(string Key, ReadOnlyMemory<byte> Json, TimeSpan TimeToLive);

/// <summary>A ranking.</summary>
/// <param name="Key">As <see cref="Reco.Core.Serving.ServingKeys"/> has it.</param>
/// <param name="Members">Distinct; none removes the ranking.</param>
/// <param name="TimeToLive">Above zero.</param>
public readonly record struct ServingRanking(string Key, IReadOnlyList<RankedMember> Members, TimeSpan TimeToLive);

/// <summary>A product in a ranking.</summary>
public readonly record struct RankedMember(string ProductId, double Score);

/// <summary>The serving cache cannot do what was asked; the message says why and what to do.</summary>
public sealed class ServingCacheException : Exception
{
    /// <summary>With a sentence that says what to do.</summary>
    public ServingCacheException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
