using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Tests.Embedded.Storage;

/// <summary>The disk, until it is told to fail or to wait.</summary>
internal sealed class FaultyDevice : IStorageDevice
{
    private int _flushes;

    /// <summary>Runs before each write of so many bytes to this path; may throw, and may answer how many bytes still get to the disk.</summary>
    public Func<string, int, int> OnWrite { get; set; } = (_, bytes) => bytes;

    /// <summary>Runs before each flush.</summary>
    public Action<string> OnFlush { get; set; } = _ => { };

    /// <summary>Runs before each removal of a file.</summary>
    public Action<string> OnDelete { get; set; } = _ => { };

    public int Flushes => Volatile.Read(ref _flushes);

    public IAppendFile Create(string path) => new FaultyFile(this, path, DiskDevice.Instance.Create(path));

    public IAppendFile Open(string path) => new FaultyFile(this, path, DiskDevice.Instance.Open(path));

    public void Delete(string path)
    {
        OnDelete(path);
        DiskDevice.Instance.Delete(path);
    }

    public void SyncDirectory(string folder) => DiskDevice.Instance.SyncDirectory(folder);

    private sealed class FaultyFile(FaultyDevice device, string path, IAppendFile file) : IAppendFile
    {
        public void Write(long position, ReadOnlySpan<byte> bytes)
        {
            var written = device.OnWrite(path, bytes.Length);
            file.Write(position, bytes[..written]);
            if (written < bytes.Length)
            {
                throw new IOException("No space left on device.");
            }
        }

        public void Flush()
        {
            device.OnFlush(path);
            Interlocked.Increment(ref device._flushes);
            file.Flush();
        }

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose() => file.Dispose();
    }
}
