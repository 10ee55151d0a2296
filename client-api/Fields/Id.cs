using Reco.GrainInterfaces;

namespace Reco.ClientApi.Fields;

/// <summary>Ids in paths and bodies: the same rule as in events.</summary>
internal static class Id
{
    /// <summary>The rule that this id breaks, or null.</summary>
    public static string? Fault(string? id) => id switch
    {
        null => "must be a string",
        { Length: 0 or > EventRules.IdCharactersMax } =>
            $"must have 1 to {EventRules.IdCharactersMax} characters; this one has {id.Length}",
        _ when string.IsNullOrWhiteSpace(id) => "must not be blank",
        _ when id.Any(char.IsControl) => "must not contain control characters",
        _ => null,
    };

    /// <summary>
    /// The id of a path segment; a broken rule goes to <paramref name="errors"/>. %2F is the one escape that ASP.NET Core leaves in a
    /// path (decoded, it would split the segment); an id may contain a slash, so it is decoded here.
    /// </summary>
    public static string Read(string field, string segment, FieldErrors errors)
    {
        var id = segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (Fault(id) is { } fault)
        {
            errors.Add(field, fault);
        }

        return id;
    }
}
