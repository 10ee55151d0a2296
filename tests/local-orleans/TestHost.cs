using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

/// <summary>A running host with a clock that stands still, a probe, and the log in memory.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly MemoryLog _log;

    private TestHost(LocalGrainHost host, ManualTimeProvider clock, Probe probe, MemoryLog log)
    {
        Host = host;
        Clock = clock;
        Probe = probe;
        _log = log;
    }

    public LocalGrainHost Host { get; }

    public ManualTimeProvider Clock { get; }

    public Probe Probe { get; }

    public IGrainFactory Grains => Host.Grains;

    /// <summary>Log lines at warning or above.</summary>
    public string[] Warnings => [.. _log.Lines];

    public static Task<TestHost> StartAsync(params Type[] classes) => StartAsync(_ => { }, _ => { }, classes);

    public static Task<TestHost> StartAsync(Action<LocalOrleansOptions> options, params Type[] classes) => StartAsync(options, _ => { }, classes);

    public static async Task<TestHost> StartAsync(Action<LocalOrleansOptions> options, Action<IServiceCollection> services, params Type[] classes)
    {
        var clock = new ManualTimeProvider();
        var probe = new Probe();
        var log = new MemoryLog();
        var host = await LocalGrainHost.StartAsync(all =>
        {
            all.AddSingleton<TimeProvider>(clock);
            all.AddSingleton(probe);
            all.AddLogging(logging => logging.AddProvider(log));
            all.AddLocalOrleans(o =>
            {
                foreach (var type in classes)
                {
                    o.GrainClasses.Add(type);
                }

                options(o);
            });
            services(all);
        });
        return new TestHost(host, clock, probe, log);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private sealed class MemoryLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.GetType().Name}: {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }
    }
}
