namespace Reco.Adapters.Embedded.Storage;

/// <summary>
/// Keeps a second process (or a second instance in this one) out of a folder. An advisory lock on a file, which the system releases
/// when the process ends however it ends, so a file left behind locks nobody out.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "lock");
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StorageException(
                $"Folder '{folder}' is in use by another process: stop it first, or give this one a data folder of its own.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
