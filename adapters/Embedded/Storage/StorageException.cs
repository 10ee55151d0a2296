namespace Reco.Adapters.Embedded.Storage;

/// <summary>The embedded storage cannot do what was asked: the disk failed or is full, or a file is damaged.</summary>
public sealed class StorageException : IOException
{
    /// <summary>With a sentence that says what to do.</summary>
    public StorageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>A frame that was once durable cannot be read any more.</summary>
    internal static StorageException Damaged(string path, long position, string problem) =>
        new($"'{path}' is damaged at byte {position}: {problem}. Restore the file from a copy; nothing was changed.");
}

/// <summary>What recovery removed from the end of a file: a write that was under way when the process ended.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Its length now.</param>
/// <param name="BytesCut">How many bytes were removed after that.</param>
public sealed record TailCut(string File, long Position, long BytesCut);
