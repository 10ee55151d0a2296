namespace Reco.ClientApi.Fields;

/// <summary>A named input: read by <see cref="FieldReader"/>, and described by the same words and bounds in the OpenAPI document.</summary>
internal abstract record Field(string Name, string Summary);

/// <summary>A whole number between two bounds, both inclusive.</summary>
internal sealed record WholeNumber(string Name, int Default, int Min, int Max, string Summary) : Field(Name, Summary)
{
    public string Rule { get; } = $"must be a whole number from {Min} to {Max}";

    public bool Allows(int value) => value >= Min && value <= Max;
}

/// <summary>An optional amount of money, 0 or more.</summary>
internal sealed record Amount(string Name, decimal Max, string Summary) : Field(Name, Summary)
{
    public string Rule { get; } = FormattableString.Invariant($"must be a number from 0 to {Max}, with a point as decimal separator");

    public bool Allows(decimal value) => value >= 0 && value <= Max;
}

/// <summary>True or false.</summary>
internal sealed record Flag(string Name, bool Default, string Summary) : Field(Name, Summary)
{
    public string Rule => "must be true or false";
}

/// <summary>Optional text; blank counts as absent.</summary>
internal sealed record Words(string Name, int CharactersMax, string Summary) : Field(Name, Summary)
{
    public string Rule => "must be a string";

    /// <summary>Line breaks and tabs are welcome.</summary>
    public bool Multiline { get; init; }

    /// <summary>The rule that this text breaks, or null.</summary>
    public string? Check(string text) =>
        text.Length > CharactersMax ? $"must have at most {CharactersMax} characters; this one has {text.Length}"
        : text.Any(letter => char.IsControl(letter) && !(Multiline && letter is '\n' or '\r' or '\t')) ? "must not contain control characters"
        : null;
}
