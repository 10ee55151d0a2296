using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka;

/// <summary>Finds the librdkafka that came with the client's package. Only ever asked for when Kafka is switched on.</summary>
public static class NativeKafka
{
    /// <summary>The name that the client's imports and ours carry.</summary>
    internal const string ImportName = "librdkafka";

    /// <summary>The package's builds, the best first: with Kerberos, which needs libsasl2; without; for musl.</summary>
    private static readonly string[] Builds = [ImportName, "centos8-librdkafka", "alpine-librdkafka"];

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Loads the library and answers its version.</summary>
    /// <exception cref="EventLogException">It cannot be loaded; the message says what to install.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string EnsureLoaded() => Loaded.Value;

    private static string Load()
    {
        // The client looks for these builds too, but by imports of other names: ours would end at another copy, or at none.
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
                "Kafka is wanted, but librdkafka, which came with Reco, cannot be loaded here. On Debian or Ubuntu: apt-get install libsasl2-2", missing);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != ImportName)
        {
            return 0;
        }

        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, typeof(Library).Assembly, path, out var library))
            {
                return library;
            }
        }

        return 0;
    }
}
