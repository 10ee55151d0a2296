using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>
/// One file a partition, replaced whole: written beside, flushed to disk, renamed over. The members of a group share the folder, so that
/// a partition's sums go with it to its next owner.
/// </summary>
/// <param name="folder">Of one group and topic.</param>
public sealed class PartitionStateFiles(string folder)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The folder of a group and topic.</summary>
    public static PartitionStateFiles Of(PurchaseConsumerOptions options) =>
        new(Path.Combine(options.StateFolder, options.Group, options.Topic));

    /// <summary>The partition's state; a new one when it was never saved.</summary>
    /// <exception cref="PurchaseStateException">The file is damaged.</exception>
    public PartitionState Load(int partition)
    {
        var path = PathOf(partition);
        if (!File.Exists(path))
        {
            return new PartitionState();
        }

        try
        {
            return JsonSerializer.Deserialize<PartitionState>(File.ReadAllBytes(path), Json) is { NextOffset: >= 0 } state
                ? state
                : throw new JsonException("next_offset is missing or below zero");
        }
        catch (JsonException fault)
        {
            throw new PurchaseStateException(
                $"{path} is no state of a partition ({fault.Message}). Restore it, or remove it to count that partition anew.", fault);
        }
    }

    /// <summary>Saves the partition's state.</summary>
    public void Save(int partition, PartitionState state)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(partition);
        // The process is part of the name: a member that lost the partition without knowing must not write into its successor's file.
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, state, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private string PathOf(int partition) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"partition-{partition}.json"));
}

/// <summary>A saved state cannot be used; the message says what to do.</summary>
public sealed class PurchaseStateException(string message, Exception? inner = null) : Exception(message, inner);
