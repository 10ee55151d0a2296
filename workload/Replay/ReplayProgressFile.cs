using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reco.Workload.Replay;

/// <summary>Progress in a small JSON file, replaced whole: written beside, flushed to disk, renamed over.</summary>
public sealed class ReplayProgressFile(string path) : IReplayProgressStore
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public ReplayProgress? Load()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var saved = JsonSerializer.Deserialize<ReplayProgress>(File.ReadAllBytes(path), Json);
            return saved is { Rows: >= 0, Accepted: >= 0, Rejected: >= 0 }
                ? saved
                : throw new JsonException("a number is below zero or missing");
        }
        catch (JsonException fault)
        {
            throw new ReplayProgressException(
                $"{path} is not a progress file of a replay ({fault.Message}). Name another file, or remove it to begin anew.", fault);
        }
    }

    public void Save(ReplayProgress progress)
    {
        var beside = path + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, progress, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
