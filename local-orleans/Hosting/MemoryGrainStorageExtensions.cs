using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds the storage that forgets everything with the process.</summary>
public static class MemoryGrainStorageExtensions
{
    /// <summary>Grain state named <paramref name="name"/> in its [PersistentState] is kept in memory.</summary>
    public static IServiceCollection AddMemoryGrainStorage(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddKeyedSingleton<IGrainStorage>(name, (_, _) => new MemoryGrainStorage());
    }
}
