using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka;

/// <summary>Finds the operating system's librdkafka. Only ever asked for when Kafka is switched on.</summary>
public static class NativeKafka
{
    /// <summary>The soname of librdkafka 1.x and 2.x.</summary>
    public const string SystemLibrary = "librdkafka.so.1";

    /// <summary>The name that the client's imports and ours carry.</summary>
    internal const string ImportName = "librdkafka";

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Whether the library can be loaded; a test that needs it asks this first.</summary>
    public static bool IsInstalled
    {
        get
        {
            try
            {
                return EnsureLoaded().Length > 0;
            }
            catch (EventLogException)
            {
                return false;
            }
        }
    }

    /// <summary>Loads the library and answers its version.</summary>
    /// <exception cref="EventLogException">It is not installed; the message says what to install.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string EnsureLoaded() => Loaded.Value;

    private static string Load()
    {
        // Ours first: the client and our own few imports must end at one and the same copy.
        NativeLibrary.SetDllImportResolver(typeof(NativeKafka).Assembly, Resolve);
        if (OperatingSystem.IsLinux())
        {
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        }

        try
        {
            return Library.VersionString;
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException)
        {
            throw new EventLogException(
                $"Kafka is wanted, but {SystemLibrary} is not installed: on Debian or Ubuntu, apt-get install librdkafka1", missing);
        }
    }

    /// <summary>The client's own copy where its package brings one, else the system's.</summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != ImportName)
        {
            return 0;
        }

        return NativeLibrary.TryLoad(name, assembly, path, out var own) ? own
            : NativeLibrary.TryLoad(SystemLibrary, out var systems) ? systems
            : 0;
    }
}
