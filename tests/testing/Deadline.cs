namespace Reco.Testing;

/// <summary>Waits that name what they wait for.</summary>
public static class Deadline
{
    /// <summary>How long a phase may take before a test gives up; far above what any should need, on a machine that is busy with other things too.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(120);

    /// <summary>Awaits the task, or fails naming the phase.</summary>
    public static async Task<T> Within<T>(this Task<T> task, string phase, TimeSpan? deadline = null)
    {
        await ((Task)task).Within(phase, deadline);
        return await task;
    }

    /// <summary>Awaits the task, or fails naming the phase.</summary>
    public static async Task Within(this Task task, string phase, TimeSpan? deadline = null)
    {
        try
        {
            await task.WaitAsync(deadline ?? Default);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{phase}: not done within {deadline ?? Default}");
        }
    }

    /// <summary>Asks again and again, a few milliseconds apart, until the answer is yes, or fails naming the phase.</summary>
    public static async Task Until(Func<Task<bool>> condition, string phase, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Default;
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"{phase}: not so within {limit}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>As the other, for a condition that is known at once.</summary>
    public static Task Until(Func<bool> condition, string phase, TimeSpan? deadline = null) =>
        Until(() => Task.FromResult(condition()), phase, deadline);
}
