using Microsoft.Extensions.Options;

namespace Reco.ClientApi.Live;

/// <summary>Counts the clients that are being streamed to, up to <see cref="ApiOptions.LiveClientsMax"/>.</summary>
internal sealed class LiveClients(IOptions<ApiOptions> options)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>A place, to be disposed when the client has gone; null when all are taken.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= options.Value.LiveClientsMax)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    private sealed class Place(LiveClients owner) : IDisposable
    {
        private LiveClients? _owner = owner;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _owner, null) is { } left)
            {
                Interlocked.Decrement(ref left._count);
            }
        }
    }
}
