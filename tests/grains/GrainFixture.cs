using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Core.Catalogue;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.Core.Training;
using Reco.Core.Trending;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Grains.Recommending;
using Reco.Grains.State;
using Reco.Testing;

namespace Reco.Grains.Tests;

/// <summary>The grains on a clock that stands still, with storage in memory that can be made to fail. Tests see them through IGrainFactory only.</summary>
internal sealed partial class GrainFixture : IAsyncDisposable
{
    private readonly Host _host;

    private GrainFixture(Host host, ManualTimeProvider time, FakeCatalogue catalogue, FaultyStorage storage) =>
        (_host, Time, Catalogue, Storage) = (host, time, catalogue, storage);

    public IGrainFactory Grains => _host.Grains;

    public ManualTimeProvider Time { get; }

    public FakeCatalogue Catalogue { get; }

    public FaultyStorage Storage { get; }

    public ModelHolder Models => _host.Services.GetRequiredService<ModelHolder>();

    public static async Task<GrainFixture> StartAsync(
        FaultyStorage? storage = null, Action<TrainingOptions>? training = null, TimeSpan start = default, short silos = 1)
    {
        var time = new ManualTimeProvider();
        time.Advance(start);
        var catalogue = new FakeCatalogue();
        storage ??= new FaultyStorage();
        var options = new TrainingOptions();
        training?.Invoke(options);
        var host = await Host.StartAsync(time, services =>
        {
            services.AddLogging();
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<ICatalogue>(catalogue);
            services.AddSingleton<StreamClock>();
            services.AddSingleton<IStreamClock>(provider => provider.GetRequiredService<StreamClock>());
            services.AddSingleton(Options.Create(new TrendingOptions()));
            services.AddSingleton(Options.Create(new PopularityOptions()));
            services.AddSingleton(Options.Create(options));
            services.AddSingleton(new ProfileRules(
                new WindowOptions(), new TrendingOptions(), new PopularityOptions(), new HistoryOptions(), EventTypes.Count));
            services.AddSingleton<ModelHolder>();
            services.AddSingleton<Recommender>();
            services.AddSingleton<RecommendationService>();
            services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainStorageNames.Grains, storage);
        },
        silos);
        return new GrainFixture(host, time, catalogue, storage);
    }

    /// <summary>
    /// Lets seconds pass until the call has ended. Orleans keeps an activation that failed for five seconds before it answers, so that
    /// callers who try again at once do not spin.
    /// </summary>
    public async Task PassTimeUntilEnded(Task call, string phase)
    {
        await Deadline.Until(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return call.IsCompleted;
            },
            phase);
    }

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public UserSlice UserSlice(long after, params UserEvent[] events) =>
        new() { Partition = 0, After = after, StreamTimeMs = events.Max(e => e.TimestampMs), Events = events };

    public UserEvent UserEvent(long offset, EventType type, string? product, decimal revenue = 0) =>
        new() { Offset = offset, Type = type, TimestampMs = NowMs, ProductId = product, Revenue = revenue };

    public ProductSlice ProductSlice(int partition, long after, params ProductEvent[] events) =>
        new() { Partition = partition, After = after, StreamTimeMs = events.Max(e => e.TimestampMs), Events = events };

    public ProductEvent ProductEvent(long offset, EventType type, string user, decimal revenue = 0) =>
        new() { Offset = offset, Type = type, TimestampMs = NowMs, UserId = user, Revenue = revenue };

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    internal sealed class FakeCatalogue : ICatalogue
    {
        private readonly Dictionary<string, Product> _products = [];

        public long Version { get; private set; }

        public IReadOnlyList<Product> Products => [.. _products.Values];

        public void Put(string id, string category, decimal price = 10, int stock = 5)
        {
            _products[id] = new Product { Id = id, Name = $"{id} name", Category = category, Price = price, Stock = stock };
            Version++;
        }

        public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _products.TryGetValue(productId, out product);

        public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
