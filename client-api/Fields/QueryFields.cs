using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Reco.ClientApi.Fields;

/// <summary>Fields of a query string.</summary>
internal sealed class QueryFields(IQueryCollection query) : FieldReader
{
    public override int Read(WholeNumber field) =>
        Single(field) is { } text
            ? Checked(field, int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null)
            : field.Default;

    public override decimal? Read(Amount field)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return Single(field) is { } text
            ? Checked(field, decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value) ? value : null)
            : null;
    }

    public override bool Read(Flag field)
    {
        switch (Single(field))
        {
            case null:
                return field.Default;
            case "true" or "True" or "1":
                return true;
            case "false" or "False" or "0":
                return false;
            default:
                Errors.Add(field.Name, field.Rule);
                return field.Default;
        }
    }

    public override string? Read(Words field) => Single(field) is { } text ? Checked(field, text) : null;

    /// <summary>The value; null when the parameter is absent, or given twice (an error).</summary>
    private string? Single(Field field)
    {
        if (!query.TryGetValue(field.Name, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            Errors.Add(field.Name, "must be given once");
            return null;
        }

        return values[0] ?? "";
    }
}
