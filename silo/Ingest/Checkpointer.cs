using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Reco.GrainInterfaces;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Silo.Ingest;

/// <summary>
/// The checkpoint rule: flush every grain that was touched since the last one, and commit a partition's offset only when all of its
/// grains say that their durable state includes what they were sent. A no makes the partition go back; a flush that failed says nothing yet,
/// and is asked again at the next checkpoint. Ingest goes on meanwhile.
/// </summary>
internal sealed partial class Checkpointer(
    IGrainFactory grains, IOptions<IngestOptions> options, IngestMetrics metrics, TimeProvider time, ILogger<Checkpointer> logger)
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly FlushesInFlight _inFlight = new(
        options.Value.FlushesInFlightMax, TimeSpan.FromSeconds(options.Value.CheckpointIntervalSeconds));

    /// <summary>Checkpoints these partitions together: a product that several of them touched is written once.</summary>
    public async Task RunAsync(IReadOnlyCollection<PartitionWorker> workers, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var started = time.GetTimestamp();
            var open = new List<(PartitionWorker Worker, PartitionSnapshot Snapshot)>();
            foreach (var worker in workers)
            {
                if (await worker.BeginCheckpointAsync(cancellationToken) is { } snapshot)
                {
                    open.Add((worker, snapshot));
                }
            }

            if (open.Count == 0)
            {
                return;
            }

            var verdicts = await FlushAsync(open, cancellationToken);
            foreach (var (worker, _) in open)
            {
                switch (verdicts.Of(worker.Partition))
                {
                    case Confirmation.Missing:
                        worker.RequestRewind();
                        break;
                    case Confirmation.Unknown:
                        worker.Postpone();
                        break;
                }
            }

            // All are tried: a partition whose commit fails does not keep the others from theirs.
            await Task.WhenAll(open
                .Where(o => verdicts.Of(o.Worker.Partition) == Confirmation.Given)
                .Select(o => o.Worker.CommitAsync(o.Snapshot, cancellationToken)));
            var took = time.GetElapsedTime(started);
            _inFlight.Took(took);
            metrics.Checkpointed(took);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Flushes everything and answers what that says of each partition.</summary>
    private async Task<Verdicts> FlushAsync(
        List<(PartitionWorker Worker, PartitionSnapshot Snapshot)> open, CancellationToken cancellationToken)
    {
        var verdicts = new Verdicts();
        var users = Expectations.Of(open.Select(o => (o.Worker.Partition, o.Snapshot.Users)));
        var products = Expectations.Of(open.Select(o => (o.Worker.Partition, o.Snapshot.Products)));
        await FlushEachAsync(users, FlushUserAsync);
        await FlushEachAsync(products, FlushProductAsync);

        // The rows that users and products sent on must be as durable as what they came from.
        try
        {
            var shards = users.Keys.Select(id => StableHash.Bucket(id, InteractionShards.Count)).Distinct();
            var derived = shards.Select(shard => grains.GetGrain<IInteractionShardGrain>(shard).FlushAsync()).ToList();
            if (products.Count > 0)
            {
                derived.Add(grains.GetGrain<ITrendingGrain>(0).FlushAsync());
            }

            await Task.WhenAll(derived);
        }
        catch (Exception failure)
        {
            LogDerivedFlushFailed(failure);
            foreach (var (worker, _) in open)
            {
                verdicts.Add(worker.Partition, Confirmation.Unknown);
            }
        }

        return verdicts;

        Task FlushEachAsync(
            Dictionary<string, List<PartitionOffset>> expectations, Func<string, List<PartitionOffset>, Task<bool[]>> flush) =>
            Parallel.ForEachAsync(
                expectations,
                new ParallelOptions { MaxDegreeOfParallelism = _inFlight.Now, CancellationToken = cancellationToken },
                async (expectation, _) => await ConfirmAsync(flush, expectation.Key, expectation.Value, verdicts));
    }

    /// <summary>A user's events are in one partition; in two only after the number of partitions was changed.</summary>
    private async Task<bool[]> FlushUserAsync(string id, List<PartitionOffset> expected)
    {
        var included = new bool[expected.Count];
        for (var i = 0; i < included.Length; i++)
        {
            included[i] = await grains.GetGrain<IUserGrain>(id).FlushAsync(expected[i].Partition, expected[i].Offset);
        }

        return included;
    }

    /// <summary>A product's events are in all partitions: one call for those of this silo.</summary>
    private async Task<bool[]> FlushProductAsync(string id, List<PartitionOffset> expected)
    {
        var grain = grains.GetGrain<IProductGrain>(id);
        return expected is [var only]
            ? [await grain.FlushAsync(only.Partition, only.Offset)]
            : await grain.FlushAllAsync([.. expected]);
    }

    private async Task ConfirmAsync(
        Func<string, List<PartitionOffset>, Task<bool[]>> flush, string id, List<PartitionOffset> expected, Verdicts verdicts)
    {
        try
        {
            await Task.Yield(); // As between other calls, see GrainCalls: requests that have come meanwhile are first.
            var included = await flush(id, expected);
            for (var i = 0; i < included.Length; i++)
            {
                if (!included[i])
                {
                    LogRefused(id, expected[i].Partition, expected[i].Offset);
                    verdicts.Add(expected[i].Partition, Confirmation.Missing);
                }
            }
        }
        catch (Exception failure)
        {
            // A grain that cannot be written keeps its partitions' offsets where they are; the others go on.
            LogFlushFailed(failure, id, string.Join(", ", expected));
            expected.ForEach(place => verdicts.Add(place.Partition, Confirmation.Unknown));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{GrainKey} does not include offset {Offset} of partition {Partition}")]
    private partial void LogRefused(string grainKey, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{GrainKey} could not be flushed to {Places}")]
    private partial void LogFlushFailed(Exception failure, string grainKey, string places);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The training rows or the trending rows could not be flushed")]
    private partial void LogDerivedFlushFailed(Exception failure);

    /// <summary>What a flush says of the grain's part in a partition; a larger one outweighs the others.</summary>
    private enum Confirmation
    {
        /// <summary>The durable state includes what was sent.</summary>
        Given,

        /// <summary>No answer: the state may or may not be durable, and whoever has it still has it.</summary>
        Unknown,

        /// <summary>An activation died with a part of what was sent.</summary>
        Missing,
    }

    /// <summary>The gravest confirmation of each partition.</summary>
    private sealed class Verdicts
    {
        private readonly ConcurrentDictionary<int, Confirmation> _gravest = new();

        public Confirmation Of(int partition) => _gravest.GetValueOrDefault(partition, Confirmation.Given);

        public void Add(int partition, Confirmation confirmation)
        {
            if (confirmation != Confirmation.Given)
            {
                _gravest.AddOrUpdate(partition, confirmation, (_, before) => before > confirmation ? before : confirmation);
            }
        }
    }

    /// <summary>By grain: what each partition expects of it.</summary>
    private static class Expectations
    {
        public static Dictionary<string, List<PartitionOffset>> Of(
            IEnumerable<(int Partition, IReadOnlyDictionary<string, long> Offsets)> sources)
        {
            var byGrain = new Dictionary<string, List<PartitionOffset>>();
            foreach (var (partition, offsets) in sources)
            {
                foreach (var (id, offset) in offsets)
                {
                    if (!byGrain.TryGetValue(id, out var expected))
                    {
                        byGrain[id] = expected = [];
                    }

                    expected.Add(new PartitionOffset(partition, offset));
                }
            }

            return byGrain;
        }
    }
}
