using System.Net;
using System.Net.Sockets;
using System.Text;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Tests.Redis;

/// <summary>A server that answers as a test says: with errors that a real one gives seldom, with half of a reply, with nothing.</summary>
internal sealed class ScriptedRedis : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    /// <param name="answer">Of a command in words, such as "GET key": the reply as it goes over the wire; null for none.</param>
    public ScriptedRedis(Func<string, string?> answer)
    {
        Answer = answer;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public Func<string, string?> Answer { get; set; }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>How many were taken.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        // The listener is closed last: an accept on one that closes fails as a socket does, not as cancelled.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var socket = client;
        var parser = new RespParser();
        var buffer = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is var bytes and > 0)
            {
                foreach (var command in RespText.Decode(parser, buffer.AsSpan(0, bytes)))
                {
                    if (Answer(string.Join(' ', command.Items.Select(item => item.Text))) is { } reply)
                    {
                        await socket.SendAsync(Encoding.UTF8.GetBytes(reply), _stop.Token);
                    }
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException)
        {
            // The client went, or the test is over.
        }
    }
}
