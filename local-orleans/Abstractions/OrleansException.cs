namespace Orleans.Runtime;

/// <summary>The base of the host's own exceptions.</summary>
public class OrleansException : Exception
{
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    public OrleansException(string? message)
        : base(message)
    {
    }

    public OrleansException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host did not take the call.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }
}

/// <summary>The host is stopping, stopped, or not started.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException()
        : base("Silo unavailable")
    {
    }

    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }
}

/// <summary>Too many calls wait for one activation.</summary>
public sealed class LimitExceededException : OrleansException
{
    public LimitExceededException()
        : base("Limit exceeded")
    {
    }

    public LimitExceededException(string message)
        : base(message)
    {
    }

    public LimitExceededException(string limitName, int current, int threshold, object extraInfo)
        : base($"Limit exceeded {limitName} Current={current} Threshold={threshold} {extraInfo}")
    {
    }
}
