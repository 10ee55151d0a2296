namespace Orleans.Runtime;

/// <summary>A timer of a grain; disposing stops it and cancels a running callback's token.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the time to the next callback and the period; inside a callback it takes effect when that has completed.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}
