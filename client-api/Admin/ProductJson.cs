using System.Text.Json;
using Reco.ClientApi.Fields;
using Reco.Core.Catalogue;

namespace Reco.ClientApi.Admin;

/// <summary>
/// A product as JSON: <c>id, name, category, brand?, price, stock?</c>. The id may also be called product_id, as in answers.
/// </summary>
internal static class ProductJson
{
    private static readonly Words Id = new("id", ProductRules.IdCharactersMax, "Id.");
    private static readonly Words ProductId = Id with { Name = "product_id" };
    private static readonly Words Name = new("name", ProductRules.NameCharactersMax, "Name.");
    private static readonly Words Category = new("category", ProductRules.CategoryCharactersMax, "Category.");
    private static readonly Words Brand = new("brand", ProductRules.BrandCharactersMax, "Brand.");
    private static readonly Amount Price = new("price", ProductRules.PriceMax, "Price of one piece.");
    private static readonly WholeNumber Stock = new("stock", int.MaxValue, 0, int.MaxValue, "Pieces in stock.");

    /// <summary>Reads and validates. A product that breaks a rule is null, and <paramref name="errors"/> has every rule it breaks.</summary>
    public static Product? Read(JsonElement json, out FieldErrors errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors = new FieldErrors();
            errors.Add("", "a product is a JSON object");
            return null;
        }

        var fields = new BodyFields(json);
        errors = fields.Errors;
        var product = new Product
        {
            Id = fields.Required(json.TryGetProperty(ProductId.Name, out _) ? ProductId : Id),
            Name = fields.Required(Name),
            Category = fields.Required(Category),
            Brand = fields.Read(Brand) ?? "",
            Price = fields.Required(Price),
            Stock = fields.Read(Stock),
        };
        return errors.Any ? null : product;
    }
}
