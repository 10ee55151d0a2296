using System.Globalization;
using System.Text;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Kafka;

/// <summary>A group of processes on the test broker (see <see cref="TestKafka"/>): members come, leave and are killed (SIGKILL).</summary>
public sealed class KafkaGroupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Group_MembersComeLeaveAndAreKilled_NothingIsLostAndEveryOwnerStartsAtTheLastCommit()
    {
        await using var kafka = await TestKafka.StartAsync(KafkaGroupVictim.Partitions);
        var account = new Account();
        var log = kafka.Open();
        var producing = new Producing(log);
        var members = Enumerable.Range(0, 3).Select(_ => KafkaMemberProcess.Start(kafka.Broker.BootstrapServers, account.Heard)).ToList();
        try
        {
            await BalancedAsync(members, "three members share the partitions");
            await producing.SendAsync(600, Cancel);

            await members[0].KillAsync();
            members.RemoveAt(0);
            await producing.SendAsync(600, Cancel);
            await BalancedAsync(members, "two members share the partitions of the killed one");

            members.Add(KafkaMemberProcess.Start(kafka.Broker.BootstrapServers, account.Heard));
            await BalancedAsync(members, "a new member gets its share");
            await producing.SendAsync(600, Cancel);

            await members[0].LeaveAsync();
            members.RemoveAt(0);
            await producing.SendAsync(600, Cancel);
            await BalancedAsync(members, "two members share the partitions of the one that left");
            await Deadline.Until(() => account.Committed.Sum() == producing.Sent.Count, "everything is committed");
        }
        catch (TimeoutException late)
        {
            Assert.Fail($"{late.Message}. Committed: {string.Join(' ', account.Committed)} of {producing.Sent.Count}. Failures: {account.Failures}");
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }

        account.Check(producing.Sent);
    }

    private static Task BalancedAsync(List<KafkaMemberProcess> members, string phase) => Deadline.Until(
        () => members.SelectMany(m => m.Owned).Order().SequenceEqual(Enumerable.Range(0, KafkaGroupVictim.Partitions))
            && members.All(m => m.Owned.Length == KafkaGroupVictim.Partitions / members.Count),
        phase,
        TimeSpan.FromSeconds(90));

    private sealed class Producing(IEventLog log)
    {
        /// <summary>What was acknowledged, by partition in order.</summary>
        public List<(int Partition, string Text)> Sent { get; } = [];

        public async Task SendAsync(int count, CancellationToken cancellationToken)
        {
            foreach (var batch in Enumerable.Range(Sent.Count, count).Chunk(30))
            {
                var records = batch.Select(i => new LogAppend($"user-{i % 101}", Encoding.UTF8.GetBytes($"user-{i % 101}:{i}"))).ToList();
                await log.AppendAsync(records, cancellationToken);
                Sent.AddRange(records.Select(r => (Partitioner.PartitionOf(r.Key, log.PartitionCount), Encoding.UTF8.GetString(r.Value.Span))));
            }
        }
    }

    /// <summary>What the members said, put together.</summary>
    private sealed class Account
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<(int Partition, long Offset), string> _read = [];
        private readonly long[] _attempted = new long[KafkaGroupVictim.Partitions];
        private readonly List<string> _faults = [];

        /// <summary>What went wrong for members, and was made good.</summary>
        public string Failures { get; private set; } = "";

        public long[] Committed { get; } = new long[KafkaGroupVictim.Partitions];

        public void Heard(string[] words)
        {
            lock (_gate)
            {
                var partition = int.Parse(words[1], CultureInfo.InvariantCulture);
                var number = words.Length > 2 && words[0] != "failed" ? long.Parse(words[2], CultureInfo.InvariantCulture) : 0;
                switch (words[0])
                {
                    case "assigned" when number < Committed[partition] || number > _attempted[partition]:
                        _faults.Add($"partition {partition} starts at {number}; committed {Committed[partition]}, tried {_attempted[partition]}");
                        break;
                    case "read":
                        for (var i = 3; i < words.Length; i++)
                        {
                            Read(partition, number + i - 3, words[i]);
                        }

                        break;
                    case "committing":
                        _attempted[partition] = Math.Max(_attempted[partition], number);
                        break;
                    case "committed":
                        Committed[partition] = Math.Max(Committed[partition], number);
                        break;
                    case "failed":
                        Failures += string.Join(' ', words) + "; ";
                        break;
                    default:
                        break;
                }
            }
        }

        /// <summary>Every record was read, the same by all, and only what was never committed was read again.</summary>
        public void Check(List<(int Partition, string Text)> sent)
        {
            Assert.Empty(_faults);
            for (var p = 0; p < KafkaGroupVictim.Partitions; p++)
            {
                var expected = sent.Where(s => s.Partition == p).Select(s => s.Text).ToList();
                Assert.Equal(expected, Enumerable.Range(0, expected.Count).Select(o => _read.GetValueOrDefault((p, o), "never read")));
                Assert.Equal(expected.Count, Committed[p]);
            }
        }

        private void Read(int partition, long offset, string text)
        {
            if (!_read.TryAdd((partition, offset), text))
            {
                if (_read[(partition, offset)] != text)
                {
                    _faults.Add($"offset {offset} of partition {partition} was '{_read[(partition, offset)]}' and then '{text}'");
                }

                if (offset < Committed[partition])
                {
                    _faults.Add($"offset {offset} of partition {partition} was read again after the commit of {Committed[partition]}");
                }
            }
        }
    }
}
