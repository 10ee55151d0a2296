namespace Reco.Silo.Cluster;

/// <summary>Whether this gateway has a silo to talk to; refuses calls while it has none, so that nobody waits for a timeout.</summary>
internal sealed class ClusterConnection : IClusterConnectionStatusObserver, ILifecycleParticipant<IClusterClientLifecycle>, IOutgoingGrainCallFilter
{
    private volatile bool _isConnected;

    public bool IsConnected => _isConnected;

    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ClusterConnection),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _isConnected = true;
            return Task.CompletedTask;
        });

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) =>
        _isConnected = currentNumberOfGateways > 0;

    public void NotifyClusterConnectionLost() => _isConnected = false;

    public Task Invoke(IOutgoingGrainCallContext context) => _isConnected ? context.Invoke() : throw NoSilo();

    /// <summary>Before the first connection a client knows no grain at all, and says so with an <see cref="ArgumentException"/>.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ArgumentException) when (!_isConnected)
        {
            throw NoSilo();
        }
    }

    private static SiloUnavailableException NoSilo() => new("This gateway is connected to no silo.");
}
