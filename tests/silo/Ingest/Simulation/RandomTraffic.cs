using System.Globalization;
using Reco.GrainInterfaces;

namespace Reco.Silo.Tests.Ingest.Simulation;

/// <summary>A few shoppers and products, with repeats, rubbish, and times that jump.</summary>
internal sealed class RandomTraffic(Random random)
{
    private static readonly string[] Rubbish =
    [
        "{", "", "[]", "null", """{"event_id":"x"}""", """{"event_id":"x","user_id":"u1","event_type":"view","timestamp":"yesterday"}""",
    ];

    private readonly List<ShopEvent> _sent = [];

    public async Task AppendAsync(IngestHarness harness, int records)
    {
        for (var i = 0; i < records; i++)
        {
            switch (random.Next(20))
            {
                case 0:
                    await harness.AppendRawAsync(User(), Rubbish[random.Next(Rubbish.Length)]);
                    break;
                case 1:
                    var future = Event(harness) with { TimestampMs = harness.Time.GetUtcNow().AddMinutes(6 + random.Next(600)).ToUnixTimeMilliseconds() };
                    await harness.AppendAsync(future);
                    break;
                case 2 or 3 when _sent.Count > 0:
                    // A client that sends again; and one that gives an old id to something else.
                    var again = _sent[random.Next(_sent.Count)];
                    await harness.AppendAsync(random.Next(2) == 0 ? again : Event(harness) with { EventId = again.EventId, UserId = again.UserId });
                    break;
                default:
                    var fresh = Event(harness);
                    _sent.Add(fresh);
                    await harness.AppendAsync(fresh);
                    break;
            }
        }
    }

    private string User() => "u" + random.Next(7).ToString(CultureInfo.InvariantCulture);

    private ShopEvent Event(IngestHarness harness)
    {
        var type = (EventType)random.Next(EventTypes.Count);
        var minutes = random.Next(4) == 0 ? random.Next(-60, 5) : 0;
        return new ShopEvent
        {
            EventId = $"e{_sent.Count}-{random.Next(1_000_000)}",
            UserId = User(),
            ProductId = type == EventType.Search ? null : "p" + random.Next(6).ToString(CultureInfo.InvariantCulture),
            Type = type,
            Query = type == EventType.Search ? "tea" : null,
            Quantity = type == EventType.Purchase ? random.Next(1, 4) : null,
            UnitPrice = type == EventType.Purchase ? random.Next(1, 500) / 100m : null,
            TimestampMs = harness.Time.GetUtcNow().AddMinutes(minutes).ToUnixTimeMilliseconds(),
        };
    }
}
