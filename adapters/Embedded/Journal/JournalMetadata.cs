using System.Globalization;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>What was decided when the journal was made: a key's partition depends on the count, so it never changes.</summary>
internal sealed record JournalMetadata(int Format, int Partitions)
{
    public const int CurrentFormat = 1;
    public const string FileName = "journal.json";

    public static string PartitionFolder(string folder, int partition) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"partition-{partition:D4}"));

    /// <summary>Checks what is there, or writes it when the journal is new.</summary>
    public static void Ensure(IStorageDevice device, string folder, int partitions)
    {
        var path = Path.Combine(folder, FileName);
        if (MetadataFile.TryRead<JournalMetadata>(path) is not { } found)
        {
            if (Directory.Exists(PartitionFolder(folder, 0)))
            {
                throw new EventLogException($"'{path}' is missing, though there are partitions beside it: restore the file from a copy.");
            }

            MetadataFile.Write(device, path, new JournalMetadata(CurrentFormat, partitions));
            return;
        }

        if (found.Format != CurrentFormat)
        {
            throw new EventLogException($"'{path}' has format {found.Format}; this version reads format {CurrentFormat}.");
        }

        if (found.Partitions != partitions)
        {
            throw new EventLogException(
                $"The journal in '{folder}' has {found.Partitions} partitions, not {partitions}: the count is fixed when it is made. "
                + $"Set Partitions to {found.Partitions}, or use another data folder.");
        }
    }
}
