namespace Reco.Adapters.Postgres.Seeding;

/// <summary>Seeding was refused, and nothing was changed; the message says what to do.</summary>
public sealed class SeedingException(string message) : Exception(message);
