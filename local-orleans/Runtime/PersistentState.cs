using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Local;

/// <summary>What the host does with a grain's record.</summary>
internal interface IPersistentRecord
{
    /// <summary>Reads it for the first time, before OnActivateAsync.</summary>
    Task ReadAsync();
}

/// <summary>Between a grain and its storage. Operations on one record never overlap: each waits for the one before.</summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>, IPersistentRecord
{
    private readonly string _name;
    private readonly IGrainStorage _storage;
    private readonly Activation _activation;
    private readonly GrainState<TState> _record = new(NewState());
    private Task _last = Task.CompletedTask;
    private bool _read;

    public PersistentState(string name, IGrainStorage storage, Activation activation)
    {
        _name = name;
        _storage = storage;
        _activation = activation;
        activation.Add(this);
    }

    public TState State
    {
        get
        {
            CheckTurn();
            return _record.State!;
        }

        set
        {
            CheckTurn();
            _record.State = value;
        }
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _read ? _record.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    public Task ReadAsync() => ReadStateAsync();

    public Task ReadStateAsync() => AfterLastAsync(nameof(ReadStateAsync), async () =>
    {
        await _storage.ReadStateAsync(_name, _activation.GrainId, _record);
        _record.State ??= NewState();
        _read = true;
    });

    public Task WriteStateAsync() =>
        AfterLastAsync(nameof(WriteStateAsync), () => _storage.WriteStateAsync(_name, _activation.GrainId, _record));

    public Task ClearStateAsync() => AfterLastAsync(nameof(ClearStateAsync), async () =>
    {
        await _storage.ClearStateAsync(_name, _activation.GrainId, _record);
        _record.State = NewState();
    });

    private static TState NewState()
    {
        if (typeof(TState).IsValueType)
        {
            return default!;
        }

        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return typeof(TState).GetConstructor(Any, Type.EmptyTypes) is { } constructor
            ? (TState)constructor.Invoke(null)
            : (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));
    }

    private Task AfterLastAsync(string operation, Func<Task> run)
    {
        CheckTurn();
        return _last = RunAsync(_last, operation, run);
    }

    private async Task RunAsync(Task last, string operation, Func<Task> run)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await run();
        }
        catch (Exception exception)
        {
            HostLog.StorageFailed(_activation.Runtime.Logger, exception, operation, _name, _activation.GrainId);
            if (exception is not OrleansException)
            {
                throw new OrleansException(
                    $"Error from storage provider {_storage.GetType().Name}.{_name} during {operation} for grain {_activation.GrainId}: {exception.Message}",
                    exception);
            }

            throw;
        }
    }

    private void CheckTurn()
    {
        if (TurnContext.Current != _activation)
        {
            ThrowNotInTurn();
        }
    }

    [DoesNotReturn]
    private void ThrowNotInTurn() => throw new InvalidOperationException(
        $"Activation access violation. State '{_name}' of {_activation.GrainId} was used "
        + "outside of the grain's turns (after Task.Run or ConfigureAwait(false)).");
}
