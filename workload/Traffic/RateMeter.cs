namespace Reco.Workload.Traffic;

/// <summary>Events per second over the last one to two seconds: two buckets of a second that take turns. Safe to use from any thread.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _bucketAt = time.GetTimestamp();
    private long _count;
    private double _previousPerSecond;
    private bool _hasPrevious;

    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                Turn();
                var seconds = time.GetElapsedTime(_bucketAt).TotalSeconds;
                return _hasPrevious ? _previousPerSecond : seconds > 0 ? _count / seconds : 0;
            }
        }
    }

    public void Count(int events)
    {
        lock (_gate)
        {
            Turn();
            _count += events;
        }
    }

    private void Turn()
    {
        var elapsed = time.GetElapsedTime(_bucketAt);
        if (elapsed < Bucket)
        {
            return;
        }

        _previousPerSecond = _count / elapsed.TotalSeconds;
        _hasPrevious = true;
        _count = 0;
        _bucketAt = time.GetTimestamp();
    }
}
