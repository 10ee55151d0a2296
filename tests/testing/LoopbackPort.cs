using System.Net;
using System.Net.Sockets;

namespace Reco.Testing;

/// <summary>A port of this machine.</summary>
public static class LoopbackPort
{
    /// <summary>One that nobody listened on a moment ago. Another process may take it first: whoever starts a server there tries again.</summary>
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
