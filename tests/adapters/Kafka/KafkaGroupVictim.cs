using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Kafka;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>
/// Not a test: what a member process of <see cref="KafkaGroupTests"/> runs until its stdin closes or it is killed. It says what it does
/// in lines on stdout: "assigned p start", "read p first texts", "committing p next", "committed p next", "revoked p", "lost p".
/// </summary>
public sealed class KafkaGroupVictim
{
    public const string BootstrapVariable = "RECO_TEST_KAFKA_BOOTSTRAP";
    public const string Group = "group";
    public const int Partitions = 6;
    private const int BatchMax = 20;
    private static readonly Lock Gate = new();

    [Fact(Explicit = true)]
    public async Task Consume_UntilToldToLeave()
    {
        var bootstrap = Environment.GetEnvironmentVariable(BootstrapVariable);
        Assert.SkipWhen(bootstrap is null, $"Runs only as a child of {nameof(KafkaGroupTests)}.");
        var options = TestKafka.OptionsFor(Partitions);
        options.BootstrapServers = bootstrap;
        using var metrics = new KafkaMetrics();
        await using var log = new KafkaEventLog(options, metrics, TimeProvider.System, NullLogger.Instance);
        using var leave = new CancellationTokenSource();
        await using var output = Console.OpenStandardOutput();
        var member = new Member(line =>
        {
            lock (Gate)
            {
                output.Write(Encoding.UTF8.GetBytes($"{KafkaMemberProcess.Mark}{line}\n")); // Straight to the pipe: a kill loses nothing said.
            }
        });
        var consuming = log.ConsumeAsync(Group, member, leave.Token);
        while (await Console.In.ReadLineAsync(TestContext.Current.CancellationToken) is not null)
        {
        }

        await leave.CancelAsync();
        await consuming;
    }

    /// <summary>Reads, and commits what it has read after every batch.</summary>
    private sealed class Member(Action<string> say) : IPartitionConsumer
    {
        private readonly Dictionary<int, (CancellationTokenSource Stop, Task Run)> _owned = [];

        public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
        {
            var start = reader.Committed?.NextOffset ?? 0;
            say(string.Create(CultureInfo.InvariantCulture, $"assigned {reader.Partition} {start}"));
            var stop = new CancellationTokenSource();
            lock (_owned)
            {
                _owned[reader.Partition] = (stop, Task.Run(() => RunAsync(reader, stop.Token), CancellationToken.None));
            }

            return Task.CompletedTask;
        }

        public async Task RevokedAsync(int partition, CancellationToken cancellationToken)
        {
            await StopAsync(partition);
            say($"revoked {partition}");
        }

        public async Task LostAsync(int partition, CancellationToken cancellationToken)
        {
            await StopAsync(partition);
            say($"lost {partition}");
        }

        private async Task StopAsync(int partition)
        {
            (CancellationTokenSource Stop, Task Run) owned;
            lock (_owned)
            {
                _owned.Remove(partition, out owned);
            }

            await owned.Stop.CancelAsync();
            await owned.Run;
            owned.Stop.Dispose();
        }

        private async Task RunAsync(IPartitionReader reader, CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await ReadOneBatchAsync(reader, stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Told to stop.
                }
                catch (EventLogException failure)
                {
                    say($"failed {reader.Partition} {failure.Message}");
                    if (!stop.IsCancellationRequested)
                    {
                        reader.Seek(reader.Committed?.NextOffset ?? 0); // As ingest does.
                    }
                }
            }
        }

        private async Task ReadOneBatchAsync(IPartitionReader reader, CancellationToken stop)
        {
            var records = await reader.ReadAsync(BatchMax, stop);
            var texts = string.Join(' ', records.Select(r => Encoding.UTF8.GetString(r.Value.Span)));
            var next = records[^1].Offset + 1;
            say(string.Create(CultureInfo.InvariantCulture, $"read {reader.Partition} {records[0].Offset} {texts}"));
            say(string.Create(CultureInfo.InvariantCulture, $"committing {reader.Partition} {next}"));
            await reader.CommitAsync(new CommittedPosition(next, next * 1_000, 7), CancellationToken.None);
            say(string.Create(CultureInfo.InvariantCulture, $"committed {reader.Partition} {next}"));
        }
    }
}
