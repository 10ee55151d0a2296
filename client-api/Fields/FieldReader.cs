namespace Reco.ClientApi.Fields;

/// <summary>
/// Reads typed values from a query string or a JSON object. A broken rule goes to <see cref="Errors"/> and the default is answered,
/// so that reading goes on and every error is told; framework binding would stop at the first, without the rule.
/// </summary>
internal abstract class FieldReader
{
    public FieldErrors Errors { get; } = new();

    public abstract int Read(WholeNumber field);

    public abstract decimal? Read(Amount field);

    public abstract bool Read(Flag field);

    public abstract string? Read(Words field);

    /// <summary>Text that must be there; empty when it is not.</summary>
    public string Required(Words field) => Read(field) ?? Missing(field, "");

    /// <summary>An amount that must be there; 0 when it is not.</summary>
    public decimal Required(Amount field) => Read(field) ?? Missing(field, 0m);

    /// <summary>Both prices, the lower not above the higher.</summary>
    public (decimal? Min, decimal? Max) ReadRange(Amount min, Amount max)
    {
        var range = (Min: Read(min), Max: Read(max));
        if (range.Min > range.Max)
        {
            Errors.Add(min.Name, $"must not be above {max.Name}");
        }

        return range;
    }

    private T Missing<T>(Field field, T instead)
    {
        if (!Errors.Has(field.Name))
        {
            Errors.Add(field.Name, "is required");
        }

        return instead;
    }

    protected int Checked(WholeNumber field, int? value)
    {
        if (value is { } number && field.Allows(number))
        {
            return number;
        }

        Errors.Add(field.Name, field.Rule);
        return field.Default;
    }

    protected decimal? Checked(Amount field, decimal? value)
    {
        if (value is { } number && field.Allows(number))
        {
            return number;
        }

        Errors.Add(field.Name, field.Rule);
        return null;
    }

    protected string? Checked(Words field, string text)
    {
        if (field.Check(text) is { } rule)
        {
            Errors.Add(field.Name, rule);
            return null;
        }

        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
