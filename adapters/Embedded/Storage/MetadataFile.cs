using System.Text.Json;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>A small JSON file that is replaced whole or not at all.</summary>
internal static class MetadataFile
{
    /// <summary>What the file holds; null when there is none.</summary>
    public static T? TryRead<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path)) ?? throw new StorageException($"'{path}' holds null.");
        }
        catch (JsonException e)
        {
            throw new StorageException($"'{path}' is damaged: {e.Message} Restore the file from a copy.", e);
        }
    }

    /// <summary>Written beside, flushed, renamed over: durable when it returns.</summary>
    public static void Write<T>(IStorageDevice device, string path, T value)
    {
        var beside = path + ".new";
        File.Delete(beside);
        using (var file = device.Create(beside))
        {
            file.Write(0, JsonSerializer.SerializeToUtf8Bytes(value));
            file.Flush();
        }

        File.Move(beside, path, overwrite: true);
        device.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
