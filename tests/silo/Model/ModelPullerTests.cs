using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Reco.Core.Als;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Silo.Model;
using Reco.Testing;

namespace Reco.Silo.Tests.Model;

public sealed class ModelPullerTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ModelHolder _holder = new();
    private readonly Publisher _publisher = new();
    private readonly ModelPuller _puller;

    public ModelPullerTests() => _puller = new ModelPuller(_publisher, _holder, _time, NullLogger<ModelPuller>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _puller.StopAsync(CancellationToken.None).Within("stop");
        _puller.Dispose();
    }

    [Fact]
    public async Task Start_ModelOfSeveralChunks_IsServedWhole()
    {
        _publisher.Model = ModelOf(version: 3, items: 2_500);
        await _puller.StartAsync(CancellationToken.None);
        await Deadline.Until(() => _holder.Current is not null, "the model");
        Assert.Equal((3, 2_500), (_holder.Current!.Version, _holder.Current.Items.Count));
        Assert.Equal(_publisher.Model.ProductIds, _holder.Current.ProductIds);
        Assert.True(_publisher.Model.Items.Values.SequenceEqual(_holder.Current.Items.Values));
        Assert.Equal(_publisher.Model.Items.Parameters, _holder.Current.Items.Parameters);
        Assert.Equal(3, _publisher.Chunks);
    }

    [Fact]
    public async Task Tick_SameVersion_FetchesNothing()
    {
        _publisher.Model = ModelOf(1, 10);
        await _puller.StartAsync(CancellationToken.None);
        await Deadline.Until(() => _holder.Current is not null, "the model");
        await TicksAsync(3);
        Assert.Equal(1, _publisher.Chunks);
    }

    [Fact]
    public async Task Tick_NewVersion_IsSwappedIn()
    {
        await _puller.StartAsync(CancellationToken.None);
        await TicksAsync(2);
        Assert.Null(_holder.Current);
        _publisher.Model = ModelOf(1, 10);
        await TicksAsync(2);
        _publisher.Model = ModelOf(2, 20);
        await TicksAsync(2);
        Assert.Equal((2, 20), (_holder.Current!.Version, _holder.Current.Items.Count));
    }

    [Fact]
    public async Task Tick_GrainFails_ThePresentModelServesOnAndTheNextTickTriesAgain()
    {
        _publisher.Model = ModelOf(1, 10);
        await _puller.StartAsync(CancellationToken.None);
        await Deadline.Until(() => _holder.Current is not null, "the model");
        _publisher.Model = ModelOf(2, 10);
        _publisher.Failure = new TimeoutException("busy");
        await TicksAsync(3);
        Assert.Equal(1, _holder.Current!.Version);
        _publisher.Failure = null;
        await TicksAsync(2);
        Assert.Equal(2, _holder.Current.Version);
    }

    [Fact]
    public async Task Fetch_NewerVersionPublishedMeanwhile_NeverMixesTheTwo()
    {
        _publisher.Model = ModelOf(1, 1_500);
        _publisher.AfterChunk = () =>
        {
            _publisher.Model = ModelOf(2, 1_200);
            _publisher.AfterChunk = null;
        };
        await _puller.StartAsync(CancellationToken.None);
        await TicksAsync(3);
        Assert.Equal((2, 1_200), (_holder.Current!.Version, _holder.Current.Items.Count));
    }

    /// <summary>Each tick is waited for by the question it asks.</summary>
    private async Task TicksAsync(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            var asked = _publisher.Asked;
            await Deadline.Until(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(1));
                    return _publisher.Asked > asked;
                },
                "a tick");
        }
    }

    private static ServingModel ModelOf(long version, int items) => new(
        version,
        [.. Enumerable.Range(0, items).Select(i => $"v{version}-p{i}")],
        new ItemFactors(
            items, 8, [.. Enumerable.Range(0, items * 8).Select(i => (float)(i + version))], FoldInParameters.From(new AlsOptions())));

    private sealed class Publisher : IGrainFactory, IAlsGrain
    {
        public ServingModel? Model { get; set; }

        public Exception? Failure { get; set; }

        public Action? AfterChunk { get; set; }

        public int Asked { get; private set; }

        public int Chunks { get; private set; }

        public Task<ModelStatus> GetStatusAsync()
        {
            Asked++;
            return Failure is not null ? Task.FromException<ModelStatus>(Failure) : Task.FromResult(new ModelStatus
            {
                Published = Model is null ? null : new ModelInfo
                {
                    Version = Model.Version,
                    TrainedAt = DateTimeOffset.UnixEpoch,
                    Users = 1,
                    Items = Model.Items.Count,
                    Factors = 8,
                    Interactions = 1,
                    Seconds = 1,
                },
                LastRun = 1,
                LastOutcome = TrainingOutcome.Published,
                LastDetail = "",
                Running = false,
            });
        }

        public Task<FactorChunk?> GetFactorsAsync(long version, int firstItem, int count)
        {
            Chunks++;
            var chunk = Model!.Version == version ? FactorChunks.Cut(Model, firstItem, count) : null;
            AfterChunk?.Invoke();
            return Task.FromResult(chunk);
        }

        public Task<long> StartTrainingAsync(bool force) => throw new NotSupportedException();

        public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)(object)this;

        public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey => throw new NotSupportedException();
    }
}
