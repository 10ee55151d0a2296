using System.Buffers;
using System.Text.Json;

namespace Reco.Adapters.Elasticsearch.Bulk;

/// <summary>The lines of a bulk request: an action, and the document where the action has one.</summary>
internal sealed class BulkBuffer
{
    /// <summary>Another writer of the same document in between is no reason to give up.</summary>
    private const int RetriesOnConflict = 3;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    private readonly List<BulkItem> _items = [];

    public int Count => _items.Count;

    public int Bytes => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Lines => _bytes.WrittenMemory;

    public IReadOnlyList<BulkItem> Items => _items;

    /// <summary>Adds or replaces the whole document.</summary>
    public void Index<T>(string id, T document, Action<Utf8JsonWriter, T> write) =>
        Add(id, "index"u8, document, write, wrap: false);

    /// <summary>Adds the document, or replaces these fields of it and keeps the others.</summary>
    public void Merge<T>(string id, T document, Action<Utf8JsonWriter, T> write) =>
        Add(id, "update"u8, document, write, wrap: true);

    /// <summary>Removes the document; an unknown one is ignored.</summary>
    public void Delete(string id)
    {
        var start = _bytes.WrittenCount;
        WriteAction(id, "delete"u8, retriesOnConflict: 0);
        _items.Add(new BulkItem(id, start, _bytes.WrittenCount - start));
    }

    /// <summary>Copies an item of another buffer, to send it again.</summary>
    public void Add(BulkBuffer other, BulkItem item)
    {
        var start = _bytes.WrittenCount;
        _bytes.Write(other._bytes.WrittenSpan.Slice(item.Start, item.Length));
        _items.Add(item with { Start = start });
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _items.Clear();
    }

    private void Add<T>(string id, ReadOnlySpan<byte> action, T document, Action<Utf8JsonWriter, T> write, bool wrap)
    {
        var start = _bytes.WrittenCount;
        WriteAction(id, action, retriesOnConflict: wrap ? RetriesOnConflict : 0);
        using (var writer = new Utf8JsonWriter(_bytes))
        {
            if (wrap)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("doc"u8);
            }

            write(writer, document);
            if (wrap)
            {
                writer.WriteBoolean("doc_as_upsert"u8, true);
                writer.WriteEndObject();
            }
        }

        _bytes.Write("\n"u8);
        _items.Add(new BulkItem(id, start, _bytes.WrittenCount - start));
    }

    private void WriteAction(string id, ReadOnlySpan<byte> action, int retriesOnConflict)
    {
        using (var writer = new Utf8JsonWriter(_bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(action);
            writer.WriteString("_id"u8, id);
            if (retriesOnConflict > 0)
            {
                writer.WriteNumber("retry_on_conflict"u8, retriesOnConflict);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        _bytes.Write("\n"u8);
    }
}

/// <summary>Where an item's lines are in the buffer.</summary>
internal readonly record struct BulkItem(string Id, int Start, int Length);
