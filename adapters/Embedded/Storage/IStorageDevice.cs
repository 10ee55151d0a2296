namespace Reco.Adapters.Embedded.Storage;

/// <summary>What writes to disk, apart so that tests can make it fail. All calls block; any may throw <see cref="IOException"/>.</summary>
internal interface IStorageDevice
{
    IAppendFile Create(string path);

    IAppendFile Open(string path);

    void Delete(string path);

    /// <summary>Makes the creation, renaming and removal of files in the folder durable.</summary>
    void SyncDirectory(string folder);
}

/// <summary>A file that grows at its end.</summary>
internal interface IAppendFile : IDisposable
{
    void Write(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when all that was written is on the disk.</summary>
    void Flush();

    void Truncate(long length);
}
