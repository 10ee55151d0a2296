namespace Reco.GrainInterfaces;

/// <summary>What makes an event valid; the same rules at the gateway and at ingest.</summary>
public static class EventRules
{
    /// <summary>Longest id, in characters.</summary>
    public const int IdCharactersMax = 128;

    /// <summary>Longest query, in characters.</summary>
    public const int QueryCharactersMax = 256;

    /// <summary>Largest event, in bytes of JSON.</summary>
    public const int EventBytesMax = 16 * 1024;

    /// <summary>Largest quantity.</summary>
    public const int QuantityMax = 1_000_000;

    /// <summary>Largest unit price.</summary>
    public const decimal UnitPriceMax = 1_000_000m;

    /// <summary>How far ahead of the clock an event may be dated.</summary>
    public static readonly TimeSpan FutureMax = TimeSpan.FromMinutes(5);
}

/// <summary>What is wrong with an event.</summary>
/// <param name="Field">The field, as named in JSON; empty when the whole record is at fault.</param>
/// <param name="Error">The rule it breaks, in a sentence.</param>
public sealed record EventFault(string Field, string Error)
{
    /// <summary>"field: rule".</summary>
    public override string ToString() => Field.Length == 0 ? Error : $"{Field}: {Error}";
}
