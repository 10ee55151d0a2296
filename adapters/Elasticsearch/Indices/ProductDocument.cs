using System.Text.Json;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch.Indices;

/// <summary>A product as a document, and back.</summary>
internal static class ProductDocument
{
    /// <summary>Without popularity: merged into what is there, it leaves that alone.</summary>
    public static void Write(Utf8JsonWriter writer, Product product)
    {
        writer.WriteStartObject();
        WriteFields(writer, product);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, IndexedProduct indexed)
    {
        writer.WriteStartObject();
        WriteFields(writer, indexed.Product);
        writer.WriteNumber(ProductMapping.Popularity, indexed.Popularity);
        writer.WriteEndObject();
    }

    public static Product Read(JsonElement source) => new()
    {
        Id = Text(source, ProductMapping.ProductId),
        Name = Text(source, ProductMapping.Name),
        Category = Text(source, ProductMapping.Category),
        Brand = source.TryGetProperty(ProductMapping.Brand, out var brand) ? brand.GetString() ?? "" : "",
        Price = source.GetProperty(ProductMapping.Price).GetDecimal(),
        Stock = source.GetProperty(ProductMapping.Stock).GetInt32(),
    };

    public static IndexedProduct ReadIndexed(JsonElement source) => new(
        Read(source), source.TryGetProperty(ProductMapping.Popularity, out var popularity) ? popularity.GetDouble() : 0);

    private static void WriteFields(Utf8JsonWriter writer, Product product)
    {
        writer.WriteString(ProductMapping.ProductId, product.Id);
        writer.WriteString(ProductMapping.Name, product.Name);
        writer.WriteString(ProductMapping.Category, product.Category);

        // Null rather than blank: no product is counted under a brand without a name. Written, so that it replaces one that was there.
        writer.WriteString(ProductMapping.Brand, product.Brand.Length == 0 ? null : product.Brand);
        writer.WriteNumber(ProductMapping.Price, product.Price);
        writer.WriteNumber(ProductMapping.Stock, product.Stock);
    }

    private static string Text(JsonElement source, string name) =>
        source.GetProperty(name).GetString() ?? throw new InvalidDataException($"A product in Elasticsearch has no {name}.");
}
