using System.Globalization;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>A file of frames, named by the ordinal of its first record (20 digits).</summary>
internal sealed record SegmentFile(string Path, long Base, long Bytes)
{
    public const string Extension = ".log";

    public static string PathOf(string folder, long firstOrdinal) =>
        System.IO.Path.Combine(folder, firstOrdinal.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The folder's segments, lowest base first.</summary>
    public static List<SegmentFile> List(string folder)
    {
        var segments = new List<SegmentFile>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(file.Name);
            if (name.Length != 20 || !long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var firstOrdinal))
            {
                throw new StorageException($"'{file.FullName}' is not a segment's name (20 digits): move the file out of the folder.");
            }

            segments.Add(new SegmentFile(file.FullName, firstOrdinal, file.Length));
        }

        segments.Sort((a, b) => a.Base.CompareTo(b.Base));
        return segments;
    }
}
