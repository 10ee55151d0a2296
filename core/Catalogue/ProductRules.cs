namespace Reco.Core.Catalogue;

/// <summary>What makes a product valid: the same rules at every way into the catalogue.</summary>
public static class ProductRules
{
    /// <summary>Longest id, in characters.</summary>
    public const int IdCharactersMax = 128;

    /// <summary>Longest name, in characters.</summary>
    public const int NameCharactersMax = 256;

    /// <summary>Longest category, in characters.</summary>
    public const int CategoryCharactersMax = 128;

    /// <summary>Longest brand, in characters.</summary>
    public const int BrandCharactersMax = 128;

    /// <summary>Highest price.</summary>
    public const decimal PriceMax = 1_000_000m;

    /// <summary>The first rule that the product breaks, or null when it breaks none.</summary>
    public static ProductFault? Check(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return CheckText("id", product.Id, 1, IdCharactersMax)
            ?? CheckText("name", product.Name, 1, NameCharactersMax)
            ?? CheckText("category", product.Category, 1, CategoryCharactersMax)
            ?? CheckText("brand", product.Brand, 0, BrandCharactersMax)
            ?? (product.Price is < 0 or > PriceMax ? new ProductFault("price", $"must be between 0 and {PriceMax}") : null)
            ?? (product.Stock < 0 ? new ProductFault("stock", "must be 0 or more") : null);
    }

    private static ProductFault? CheckText(string field, string? text, int charactersMin, int charactersMax)
    {
        if (text is null || text.Length < charactersMin || (charactersMin > 0 && string.IsNullOrWhiteSpace(text)))
        {
            return new ProductFault(field, charactersMin > 0 ? "must not be blank" : "must not be null");
        }

        if (text.Length > charactersMax)
        {
            return new ProductFault(field, $"must be at most {charactersMax} characters, not {text.Length}");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return new ProductFault(field, $"must not contain control characters (U+{(int)text[i]:X4} at {i})");
            }

            // A lone surrogate has no UTF-8: it would come back from storage as another character.
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return new ProductFault(field, "must be valid Unicode: it holds half of a surrogate pair");
            }
        }

        return null;
    }
}

/// <summary>What is wrong with a product.</summary>
/// <param name="Field">The field, as named in JSON.</param>
/// <param name="Error">The rule it breaks, in a sentence.</param>
public sealed record ProductFault(string Field, string Error)
{
    /// <summary>"field: rule".</summary>
    public override string ToString() => $"{Field}: {Error}";
}
