using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>Grain classes, interfaces or storages do not fit together. The message says which and what to do.</summary>
public sealed class GrainConfigurationException(string message) : OrleansException(message);
