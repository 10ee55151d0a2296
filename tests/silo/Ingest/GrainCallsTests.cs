using System.Collections.Concurrent;
using Orleans;
using Reco.GrainInterfaces;
using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

public sealed class GrainCallsTests
{
    private readonly HeldGrains _grains = new();
    private readonly GrainCalls _calls;
    private readonly BatchAnswers _first = new();
    private readonly BatchAnswers _second = new();
    private int _max = 2;

    public GrainCallsTests() => _calls = new GrainCalls(_grains, () => _max);

    [Fact]
    public async Task Start_MoreThanMayBeUnderWay_TheOthersWaitTheirTurn()
    {
        await StartTwoOfFourAsync();
        _calls.Start();
        Assert.Equal(["a", "b"], _grains.Made);
        _grains.Answer("b", ApplyOutcome.Applied);
        await _grains.CallsAsync(3);
        Assert.Equal("c", _grains.Made[2]);
        _grains.AnswerAll(ApplyOutcome.Applied);
        await _grains.CallsAsync(4);
        _grains.AnswerAll(ApplyOutcome.Applied);
        Assert.Equal(0, await _first.AllAsync().AsTask().Within("the answers"));
    }

    [Fact]
    public async Task Start_FewerMayBeUnderWayThanAre_AsManyEndWithoutAnother()
    {
        await StartTwoOfFourAsync();
        _max = 1;
        _grains.Answer("a", ApplyOutcome.Applied);
        _grains.Answer("b", ApplyOutcome.Applied);
        await _grains.CallsAsync(3);
        Assert.Equal(1, _grains.UnderWay);
        _grains.Answer("c", ApplyOutcome.Applied);
        await _grains.CallsAsync(4);
        _grains.Answer("d", ApplyOutcome.Applied);
        Assert.Equal(0, await _first.AllAsync().AsTask().Within("the answers"));
    }

    [Fact]
    public async Task Add_ProductThatWaitsAlready_GoesOutInOneCallAndEachBatchGetsItsOwnAnswer()
    {
        _calls.Add("cup", Product(0, 5), _first);
        _calls.Add("jug", Product(0, 6), _first);
        _calls.Add("cup", Product(1, 9), _second);
        _calls.Start();
        await _grains.CallsAsync(2);
        Assert.Equal(["cup 0:5 1:9", "jug 0:6"], _grains.Made);
        _grains.Answer("cup 0:5 1:9", ApplyOutcome.Applied, ApplyOutcome.MemoryLost);
        _grains.Answer("jug 0:6", ApplyOutcome.Quarantined);
        Assert.Equal(1, await _first.AllAsync().AsTask().Within("the first batch"));
        await Assert.ThrowsAsync<MemoryLostException>(() => _second.AllAsync().AsTask().Within("the second batch"));
    }

    [Fact]
    public async Task Add_ProductWhoseCallIsUnderWay_IsACallOfItsOwn()
    {
        _calls.Add("cup", Product(0, 5), _first);
        _calls.Start();
        await _grains.CallsAsync(1);
        _calls.Add("cup", Product(1, 9), _second);
        _calls.Start();
        await _grains.CallsAsync(2);
        Assert.Equal(["cup 0:5", "cup 1:9"], _grains.Made);
        _grains.AnswerAll(ApplyOutcome.Applied);
        await _first.AllAsync().AsTask().Within("the first batch");
        await _second.AllAsync().AsTask().Within("the second batch");
    }

    [Fact]
    public async Task Add_MoreEventsThanOneCallTakes_AreTwoCallsInTheirOrder()
    {
        _calls.Add("cup", Product(0, 1, GrainCalls.EventsMax), _first);
        _calls.Add("cup", Product(1, 2), _second);
        _calls.Add("cup", Product(2, 3), _second);
        _calls.Start();
        await _grains.CallsAsync(2);
        Assert.Equal(["cup 0:1", "cup 1:2 2:3"], _grains.Made);
        _grains.AnswerAll(ApplyOutcome.Applied);
        await _first.AllAsync().AsTask().Within("the first batch");
        await _second.AllAsync().AsTask().Within("the second batch");
    }

    [Fact]
    public async Task Start_CallFails_FailsEveryBatchInItAndGivesItsPlaceBack()
    {
        _calls.Add("cup", Product(0, 5), _first);
        _calls.Add("cup", Product(1, 9), _second);
        _calls.Add("ann", User(0), _first);
        _calls.Start();
        await _grains.CallsAsync(2);
        _grains.Fail("cup 0:5 1:9", new TimeoutException("slow"));
        _grains.Fail("ann", new IOException("gone"));
        Assert.Contains("slow", (await Assert.ThrowsAsync<GrainCallException>(() => _second.AllAsync().AsTask().Within("the second"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GrainCallException>(() => _first.AllAsync().AsTask().Within("the first"));

        _calls.Add("a", User(0), _first);
        _calls.Add("b", User(0), _first);
        _calls.Start();
        await _grains.CallsAsync(4);
        _grains.AnswerAll(ApplyOutcome.Applied);
        await _first.AllAsync().AsTask().Within("the next batch");
    }

    [Fact]
    public async Task Start_NoSuchGrain_IsAFailureOfTheBatch()
    {
        _grains.IsGone = true;
        _calls.Add("ann", User(0), _first);
        _calls.Add("cup", Product(0, 5), _second);
        _calls.Start();
        await Assert.ThrowsAsync<GrainCallException>(() => _first.AllAsync().AsTask().Within("the user"));
        await Assert.ThrowsAsync<GrainCallException>(() => _second.AllAsync().AsTask().Within("the product"));
    }

    /// <summary>Users a to d wait; the first two are called.</summary>
    private async Task StartTwoOfFourAsync()
    {
        foreach (var user in new[] { "a", "b", "c", "d" })
        {
            _calls.Add(user, User(0), _first);
        }

        _calls.Start();
        await _grains.CallsAsync(2);
    }

    private static UserSlice User(long offset) => new()
    {
        Partition = 0,
        After = -1,
        StreamTimeMs = 0,
        Events = [new UserEvent { Offset = offset, Type = EventType.View, TimestampMs = 0 }],
    };

    private static ProductSlice Product(int partition, long offset, int events = 1) => new()
    {
        Partition = partition,
        After = -1,
        StreamTimeMs = 0,
        Events = [.. Enumerable.Range(0, events).Select(i => new ProductEvent { Offset = offset + i, Type = EventType.View, TimestampMs = 0, UserId = "ann" })],
    };

    /// <summary>Grains that answer when the test says so. A call is named by its grain and, of a product, each slice's partition and first offset.</summary>
    private sealed class HeldGrains : IGrainFactory
    {
        private readonly Lock _gate = new();
        private readonly List<string> _made = [];
        private readonly ConcurrentDictionary<string, TaskCompletionSource<ApplyOutcome[]>> _open = new();

        public bool IsGone { get; set; }

        public string[] Made
        {
            get
            {
                lock (_gate)
                {
                    return [.. _made];
                }
            }
        }

        public int UnderWay => _open.Count;

        public Task CallsAsync(int count) => Deadline.Until(() => Made.Length == count, $"{count} calls are made");

        public void Answer(string call, params ApplyOutcome[] outcomes) => Take(call).SetResult(outcomes);

        public void Fail(string call, Exception failure) => Take(call).SetException(failure);

        public void AnswerAll(ApplyOutcome outcome)
        {
            foreach (var call in _open.Keys)
            {
                Answer(call, [.. Enumerable.Repeat(outcome, call.Count(':') is var slices && slices > 0 ? slices : 1)]);
            }
        }

        public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey =>
            IsGone ? throw new InvalidOperationException("no such grain")
            : typeof(TGrainInterface) == typeof(IUserGrain) ? (TGrainInterface)(object)new User(this, primaryKey)
            : (TGrainInterface)(object)new Product(this, primaryKey);

        public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithIntegerKey => throw new NotSupportedException();

        private TaskCompletionSource<ApplyOutcome[]> Take(string call) =>
            _open.TryRemove(call, out var held) ? held : throw new InvalidOperationException($"'{call}' is not under way");

        private Task<ApplyOutcome[]> CallAsync(string call)
        {
            var held = new TaskCompletionSource<ApplyOutcome[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            _open[call] = held;
            lock (_gate)
            {
                _made.Add(call);
            }

            return held.Task;
        }

        private sealed class User(HeldGrains grains, string id) : IUserGrain
        {
            public async Task<ApplyOutcome> ApplyAsync(UserSlice slice) => (await grains.CallAsync(id))[0];

            public Task<bool> FlushAsync(int partition, long expectedOffset) => throw new NotSupportedException();

            public Task<UserStats?> GetStatsAsync() => throw new NotSupportedException();

            public Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query) => throw new NotSupportedException();
        }

        private sealed class Product(HeldGrains grains, string id) : IProductGrain
        {
            public async Task<ApplyOutcome> ApplyAsync(ProductSlice slice) => (await ApplyAllAsync([slice]))[0];

            public Task<ApplyOutcome[]> ApplyAllAsync(ProductSlice[] slices) =>
                grains.CallAsync($"{id} {string.Join(' ', slices.Select(slice => $"{slice.Partition}:{slice.Events[0].Offset}"))}");

            public Task<bool> FlushAsync(int partition, long expectedOffset) => throw new NotSupportedException();

            public Task<bool[]> FlushAllAsync(PartitionOffset[] expected) => throw new NotSupportedException();

            public Task<ProductStats?> GetStatsAsync() => throw new NotSupportedException();

            public Task<SimilarProducts> GetSimilarAsync(int limit) => throw new NotSupportedException();
        }
    }
}
