using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Reco.Core.Ports;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>Keeps a letter once, as the port says; failures on demand.</summary>
internal sealed class MemoryDeadLetters : IDeadLetterLog
{
    private readonly ConcurrentDictionary<(int Partition, long Offset), DeadLetter> _kept = new();

    public Func<DeadLetter, Task<Fault>> OnAppend { get; set; } = _ => Task.FromResult(Fault.None);

    public IReadOnlyList<DeadLetter> Kept => [.. _kept.Values.OrderBy(letter => letter.Partition).ThenBy(letter => letter.Offset)];

    public async ValueTask AppendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var fault = await OnAppend(letter).WaitAsync(cancellationToken);
        if (fault != Fault.Before)
        {
            _kept.TryAdd((letter.Partition, letter.Offset), letter);
        }

        if (fault != Fault.None)
        {
            throw new IOException("the dead-letter log was made to fail");
        }
    }

    public async IAsyncEnumerable<DeadLetter> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var letter in Kept)
        {
            await Task.Yield();
            yield return letter;
        }
    }
}
