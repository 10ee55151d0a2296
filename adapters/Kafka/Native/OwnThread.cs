namespace Reco.Adapters.Kafka.Native;

/// <summary>
/// Calls that block until a broker has answered. The pool has about as many threads as the machine has cores, and adds others slowly: when a few
/// of them stand in such calls, as while a group's partitions change hands, every request of the process waits.
/// </summary>
internal static class OwnThread
{
    /// <summary>Makes the call on a thread of its own. Cancelling keeps it from beginning; one under way goes on.</summary>
    public static Task RunAsync(Action call, CancellationToken cancellationToken = default) => Task.Factory.StartNew(
        call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <inheritdoc cref="RunAsync(Action, CancellationToken)"/>
    public static Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken = default) => Task.Factory.StartNew(
        call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
