using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>The operating system's files.</summary>
internal sealed class DiskDevice : IStorageDevice
{
    public static DiskDevice Instance { get; } = new();

    public IAppendFile Create(string path) => new DiskFile(path, FileMode.CreateNew);

    public IAppendFile Open(string path) => new DiskFile(path, FileMode.Open);

    public void Delete(string path) => File.Delete(path);

    public void SyncDirectory(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals its directories; there is no call to make.
        }

        var descriptor = Native.Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open folder '{folder}' to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var failed = Native.Fsync(descriptor) < 0;
        var reason = Marshal.GetLastPInvokeErrorMessage();
        if (Native.Close(descriptor) < 0 || failed)
        {
            throw new IOException($"Cannot flush folder '{folder}': {reason}.");
        }
    }

    private sealed class DiskFile(string path, FileMode mode) : IAppendFile
    {
        private readonly SafeFileHandle _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        public void Write(long position, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, position);

        public void Flush() => RandomAccess.FlushToDisk(_handle);

        public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

        public void Dispose() => _handle.Dispose();
    }

    /// <summary>.NET opens no directories, so the three calls are made by hand.</summary>
    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Fsync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        public static extern int Close(int descriptor);
    }
}
