using System.Text.Json;
using System.Text.Json.Serialization;
using Reco.Core.Catalogue;
using Reco.Core.Hashing;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>
/// Keeps products in an <see cref="IStateStore"/>, in chunks: a product is always in the chunk of its id's hash, so it can never be in
/// two. 32 chunks hold the 3,700 products of a real gift shop in 32 writes that share one flush, and one product of 100,000 costs a
/// write of some 3,000.
/// </summary>
internal sealed class CatalogueStorage(IStateStore store)
{
    public const int Chunks = 32;

    private const string Prefix = "catalogue/";
    private const int Format = 1;

    private readonly Dictionary<string, Product>[] _chunks =
        [.. Enumerable.Range(0, Chunks).Select(_ => new Dictionary<string, Product>(StringComparer.Ordinal))];

    /// <summary>Everything stored.</summary>
    /// <exception cref="InvalidDataException">A stored chunk cannot be read.</exception>
    public async Task<IReadOnlyCollection<Product>> LoadAsync(CancellationToken cancellationToken)
    {
        var keys = store.Keys(Prefix);
        foreach (var key in keys)
        {
            if (await store.ReadAsync(key, cancellationToken) is not { } value)
            {
                continue;
            }

            foreach (var product in Decode(key, value))
            {
                _chunks[ChunkOf(product.Id)][product.Id] = product;
            }
        }

        return [.. _chunks.SelectMany(chunk => chunk.Values)];
    }

    /// <summary>Durable when it completes. When it fails some chunks may have been written; calling again repairs that.</summary>
    public async Task SaveAsync(IReadOnlyCollection<Product> products, CancellationToken cancellationToken)
    {
        var writes = new List<(int Chunk, Dictionary<string, Product> Products, Task Write)>();
        foreach (var group in products.GroupBy(product => ChunkOf(product.Id)))
        {
            var chunk = new Dictionary<string, Product>(_chunks[group.Key], StringComparer.Ordinal);
            foreach (var product in group)
            {
                chunk[product.Id] = product;
            }

            writes.Add((group.Key, chunk, WriteAsync(group.Key, chunk, cancellationToken)));
        }

        await Task.WhenAll(writes.Select(write => write.Write));
        foreach (var (chunk, content, _) in writes)
        {
            _chunks[chunk] = content;
        }
    }

    private async Task WriteAsync(int chunk, Dictionary<string, Product> content, CancellationToken cancellationToken) =>
        await store.WriteAsync(Key(chunk), Encode(content), cancellationToken);

    private static int ChunkOf(string productId) => StableHash.Bucket(productId, Chunks);

    private static string Key(int chunk) => $"{Prefix}{chunk:D2}";

    private static byte[] Encode(Dictionary<string, Product> chunk) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredChunk(Format, [.. chunk.Values.OrderBy(product => product.Id, StringComparer.Ordinal)]),
        CatalogueJson.Default.StoredChunk);

    private static Product[] Decode(string key, byte[] value)
    {
        StoredChunk? chunk;
        try
        {
            chunk = JsonSerializer.Deserialize(value, CatalogueJson.Default.StoredChunk);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"The stored catalogue is damaged at '{key}'. Restore it, or remove it and load the products again.", e);
        }

        if (chunk is not { Format: Format, Products: not null } || chunk.Products.Contains(null))
        {
            throw new InvalidDataException($"'{key}' holds catalogue format {chunk?.Format}; this version reads format {Format}.");
        }

        foreach (var product in chunk.Products)
        {
            if (ProductRules.Check(product) is { } fault)
            {
                throw new InvalidDataException($"The stored catalogue is damaged at '{key}', product '{product.Id}': {fault}.");
            }
        }

        return chunk.Products;
    }
}

/// <summary>What is stored under one key.</summary>
internal sealed record StoredChunk(int Format, Product[] Products);

/// <summary>JSON of the stored catalogue.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredChunk))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
