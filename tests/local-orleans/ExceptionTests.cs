using Orleans;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class ExceptionTests
{
    [Theory]
    [InlineData("async")]
    [InlineData("at once")]
    [InlineData("value task")]
    [InlineData("value task with result")]
    public async Task Exception_OfTheGrain_ReachesTheCallerWithTypeAndStack(string how)
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var grain = host.Grains.GetGrain<IFailingGrain>("g");
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => (how switch
        {
            "async" => grain.FailAsync(),
            "at once" => grain.FailAtOnceAsync(),
            "value task" => grain.FailValueAsync().AsTask(),
            _ => grain.FailValueResultAsync().AsTask(),
        }).Within("failure"));
        Assert.Equal("bad data", error.Message);
        Assert.Contains(nameof(FailingGrain.BreakHere), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_ThroughTwoGrains_StaysTheSame()
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => host.Grains.GetGrain<IFailingGrain>("a").RelayAsync("b").Within("failure"));
        Assert.Contains(nameof(FailingGrain.BreakHere), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grain_AfterAnException_GoesOn()
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var grain = host.Grains.GetGrain<IFailingGrain>("g");
        await Assert.ThrowsAsync<InvalidDataException>(() => grain.FailAtOnceAsync().Within("failure"));
        Assert.Equal(2, await grain.CallsAsync());
    }

    [Fact]
    public async Task NullTask_IsAnErrorThatNamesTheClass()
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grains.GetGrain<IFailingGrain>("g").NullAsync().Within("null"));
        Assert.Contains(nameof(FailingGrain), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValueTasks_CarryResults()
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var grain = host.Grains.GetGrain<IFailingGrain>("g");
        await grain.NothingAsync();
        Assert.Equal(7, await grain.SevenAsync(yield: false));
        Assert.Equal(7, await grain.SevenAsync(yield: true));
    }

    [Fact]
    public async Task CancelledTask_OfTheGrain_IsCancelledAtTheCaller()
    {
        await using var host = await TestHost.StartAsync(typeof(FailingGrain));
        var call = host.Grains.GetGrain<IFailingGrain>("g").CancelledAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("cancelled"));
        Assert.True(call.IsCanceled);
    }
}

public interface IFailingGrain : IGrainWithStringKey
{
    Task FailAsync();

    Task FailAtOnceAsync();

    ValueTask FailValueAsync();

    ValueTask<int> FailValueResultAsync();

    Task RelayAsync(string to);

    Task NullAsync();

    ValueTask NothingAsync();

    ValueTask<int> SevenAsync(bool yield);

    Task CancelledAsync();

    Task<int> CallsAsync();
}

public sealed class FailingGrain : Grain, IFailingGrain
{
    private int _calls;

    public static void BreakHere() => throw new InvalidDataException("bad data");

    public async Task FailAsync()
    {
        await Task.Yield();
        BreakHere();
    }

    public Task FailAtOnceAsync()
    {
        _calls++;
        BreakHere();
        return Task.CompletedTask;
    }

    public async ValueTask FailValueAsync()
    {
        await Task.Yield();
        BreakHere();
    }

    public ValueTask<int> FailValueResultAsync()
    {
        BreakHere();
        return new ValueTask<int>(1);
    }

    public Task RelayAsync(string to) => GrainFactory.GetGrain<IFailingGrain>(to).FailAsync();

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "VSTHRD114", Justification = "The mistake that the test is about.")]
    public Task NullAsync() => null!;

    public ValueTask NothingAsync() => ValueTask.CompletedTask;

    public async ValueTask<int> SevenAsync(bool yield)
    {
        if (yield)
        {
            await Task.Yield();
        }

        return 7;
    }

    public Task CancelledAsync() => Task.FromCanceled(new CancellationToken(canceled: true));

    public Task<int> CallsAsync() => Task.FromResult(++_calls);
}
