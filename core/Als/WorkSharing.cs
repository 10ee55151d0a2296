using System.Runtime.ExceptionServices;

namespace Reco.Core.Als;

/// <summary>
/// Chunks of work over a few threads: whoever is free takes the next chunk, so that long rows do not leave a core idle. The threads are the
/// work's own, and the caller's: on the pool's, a training would keep every request of the process waiting until it is over.
/// </summary>
internal static class WorkSharing
{
    /// <summary>Calls <paramref name="work"/>(worker, chunk) once for each chunk; no two calls of one worker overlap.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; checked before each chunk. What the work throws is thrown as it is.</exception>
    public static void Run(int chunks, int threads, CancellationToken cancellationToken, Action<int, int> work)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (threads <= 1 || chunks <= 1)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(0, chunk);
            }

            return;
        }

        var next = -1;
        ExceptionDispatchInfo? failure = null;
        var helpers = new Thread[Math.Min(threads, chunks) - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            var worker = i + 1;
            helpers[i] = new Thread(() => Share(worker)) { IsBackground = true, Name = $"work sharing {worker}" };
            helpers[i].Start();
        }

        Share(0);
        foreach (var helper in helpers)
        {
            helper.Join();
        }

        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();

        void Share(int worker)
        {
            try
            {
                int chunk;
                while (Volatile.Read(ref failure) is null && !cancellationToken.IsCancellationRequested && (chunk = Interlocked.Increment(ref next)) < chunks)
                {
                    work(worker, chunk);
                }
            }
            catch (Exception thrown)
            {
                // Thrown by the caller's thread, once the others have seen that they need not go on.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
            }
        }
    }
}
