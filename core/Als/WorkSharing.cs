namespace Reco.Core.Als;

/// <summary>
/// Chunks of work over a few threads: whoever is free takes the next chunk, so that long rows do not leave a core idle.
/// </summary>
internal static class WorkSharing
{
    /// <summary>Calls <paramref name="work"/>(worker, chunk) once for each chunk; no two calls of one worker overlap.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; checked before each chunk.</exception>
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
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, Math.Min(threads, chunks), options, worker =>
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref next)) < chunks)
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(worker, chunk);
            }
        });
        cancellationToken.ThrowIfCancellationRequested();
    }
}
