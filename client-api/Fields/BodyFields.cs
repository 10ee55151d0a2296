using System.Text.Json;

namespace Reco.ClientApi.Fields;

/// <summary>Fields of a JSON object; null counts as absent.</summary>
internal sealed class BodyFields(JsonElement body) : FieldReader
{
    public override int Read(WholeNumber field) =>
        Find(field.Name) is { } value
            ? Checked(field, value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null)
            : field.Default;

    public override decimal? Read(Amount field) =>
        Find(field.Name) is { } value
            ? Checked(field, value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null)
            : null;

    public override bool Read(Flag field)
    {
        switch (Find(field.Name)?.ValueKind)
        {
            case null:
                return field.Default;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Errors.Add(field.Name, field.Rule);
                return field.Default;
        }
    }

    public override string? Read(Words field)
    {
        if (Find(field.Name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return Checked(field, value.GetString()!);
        }

        Errors.Add(field.Name, field.Rule);
        return null;
    }

    /// <summary>Ids of a list of strings.</summary>
    public string[] ReadIds(string name, int countMax)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list
            || (list.GetArrayLength() is var count && (count < 1 || count > countMax)))
        {
            Errors.Add(name, $"must be a list of 1 to {countMax} ids");
            return [];
        }

        var ids = new string[count];
        for (var index = 0; index < count; index++)
        {
            var id = list[index].ValueKind == JsonValueKind.String ? list[index].GetString()! : null;
            if (Id.Fault(id) is { } fault)
            {
                Errors.Add($"{name}[{index}]", fault);
            }

            ids[index] = id ?? "";
        }

        return ids;
    }

    private JsonElement? Find(string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
