namespace Reco.Workload.Http;

/// <summary>The server could not be reached, or was not able to answer, for longer than one waits.</summary>
public sealed class ApiUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The server understood and refused; to try again would change nothing.</summary>
public sealed class ApiRefusedException(string message) : Exception(message);
