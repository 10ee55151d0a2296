using System.Runtime.InteropServices;

namespace Reco.Core.Training;

/// <summary>
/// A thread of its own for work that takes long and is in no hurry: where the cores are full it gets a small share of them, and requests the rest.
/// So do the threads that the work starts.
/// </summary>
public static partial class BackgroundThread
{
    /// <summary>Linux: a tenth of the weight of a thread with the usual 0 (sched(7)). Inherited by the threads that such a thread starts.</summary>
    private const int Nice = 10;

    /// <summary>setpriority(2): one process, which for Linux is a thread.</summary>
    private const int OneThread = 0;

    /// <summary>Runs the work, and answers with what it answers or throws.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            GiveWay();
            return work();
        },
        cancellationToken,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously,
        TaskScheduler.Default);

    private static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET's priorities do nothing on Linux. That nobody may lower one, as in some sandbox, changes nothing but who waits.
            _ = SetPriority(OneThread, 0, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    /// <param name="which"><see cref="OneThread"/>.</param>
    /// <param name="who">0 is the caller.</param>
    /// <param name="nice">-20 to 19.</param>
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);
}
