namespace Reco.Workload.Retail;

/// <summary>The file as a whole cannot be used; the message says why and what to do.</summary>
public sealed class RetailFormatException(string message, Exception? inner = null) : Exception(message, inner);
