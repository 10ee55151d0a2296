using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Meter_CountsActivationsCallsAndTimeouts()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain));
        using var numbers = new Numbers(host.Host.Services.GetRequiredService<IMeterFactory>());
        var one = host.Grains.GetGrain<ILivingGrain>("one");
        await one.CallAsync();
        await host.Grains.GetGrain<ILivingGrain>("two").CallAsync();
        Assert.Equal(2, numbers.Read("orleans-catalog-activations"));
        Assert.Equal(2, numbers.Read("orleans-catalog-activation-created"));
        Assert.Equal(2, numbers.Read("orleans-app-requests"));

        var slow = one.PassAsync("slow");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => slow.Within("time-out"));
        Assert.Equal(1, numbers.Read("orleans-app-requests-timedout"));

        host.Probe.Open("slow");
        host.Probe.Open("leave");
        await one.LeaveAsync("leave");
        await Deadline.Until(() => numbers.Read("orleans-catalog-activations") == 1, "one is gone");
        Assert.Equal(1, numbers.Read("orleans-catalog-activation-destroyed"));
    }

    private sealed class Numbers : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _values = new();

        public Numbers(IMeterFactory scope)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Microsoft.Orleans" && ReferenceEquals(instrument.Meter.Scope, scope))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
                _values.AddOrUpdate(instrument.Name, value, (_, held) => instrument.IsObservable ? value : held + value));
            _listener.Start();
        }

        public long Read(string name)
        {
            _listener.RecordObservableInstruments();
            return _values.GetValueOrDefault(name);
        }

        public void Dispose() => _listener.Dispose();
    }
}
