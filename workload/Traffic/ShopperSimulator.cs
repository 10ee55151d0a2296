using System.Globalization;
using Reco.Core.Catalogue;
using Reco.Core.Hashing;
using Reco.GrainInterfaces;

namespace Reco.Workload.Traffic;

/// <summary>
/// Shoppers in a shop, one event at a time: visits in which a cart follows a view of the same product, a purchase a cart, a like a
/// view. Repeatable: the same options, products and times make the same events. For one thread.
/// </summary>
public sealed class ShopperSimulator
{
    /// <summary>A visit ends after this long without an event.</summary>
    public const long SessionIdleMsMax = 30 * 60 * 1000;

    /// <summary>Mean time between two events of one visit; decides how many visits a given load is spread over.</summary>
    private const double StepMsMean = 20_000;

    private const int OpenSessionsMin = 4;
    private const int SessionEventsMin = 3;
    private const double SessionEventsExtraMean = 12;

    /// <summary>A view picks from this many products, themselves drawn by popularity: more would make taste drown popularity.</summary>
    private const int ViewCandidates = 10;

    /// <summary>How strongly taste decides among the candidates (inverse temperature of the softmax).</summary>
    private const double TasteStrength = 3;

    private readonly IReadOnlyList<Product> _products;
    private readonly ShopperOptions _options;
    private readonly SplitMix _random;
    private readonly EventMix _mix;
    private readonly AliasTable _popularity;
    private readonly AliasTable _activity;
    private readonly string[] _userIds;
    private readonly string[][] _phrases;
    private readonly bool[] _isShopping;
    private readonly List<ShopSession> _open = [];
    private readonly string _prefix;
    private long _events;
    private long _sessions;
    private long _lastMs = long.MinValue;
    private double _intervalMs = 10;

    /// <summary>A shop with these products, at least one.</summary>
    public ShopperSimulator(IReadOnlyList<Product> products, ShopperOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(products.Count, nameof(products));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Users, 2 * OpenSessionsMin, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OpenSessionsMax, OpenSessionsMin, nameof(options));
        _products = products;
        _options = options;
        Taste = new TasteModel(options.Users, products, options.Seed);
        var fixedBySeed = new SplitMix(StableHash.Combine(options.Seed, 1));
        _popularity = AliasTable.Zipf(products.Count, 5, 0.9, fixedBySeed);
        // In the order of the ids: user_000001 is the busiest shopper, so the first one that anybody looks up has a past.
        _activity = AliasTable.Zipf(options.Users, 50, 0.8);
        // Tastes follow from the seed alone; what happens also from the run, so that a restart does not repeat yesterday.
        _random = new SplitMix(StableHash.Combine(options.Seed, StableHash.Of(options.RunId)));
        _mix = new EventMix(_random);
        _userIds = [.. Enumerable.Range(1, options.Users).Select(n => string.Create(CultureInfo.InvariantCulture, $"user_{n:000000}"))];
        _phrases = [.. products.Select(SearchPhrases.For)];
        _isShopping = new bool[options.Users];
        _prefix = $"g{options.Seed:x}-{options.RunId}-";
    }

    /// <summary>The hidden tastes, for those who judge a model by them.</summary>
    public TasteModel Taste { get; }

    /// <summary>Visits going on.</summary>
    public int OpenSessions => _open.Count;

    /// <summary>Most visits at once: a user has one at a time, and half of the users stay out so that finding one who is free is quick.</summary>
    public int OpenSessionsMax => Math.Max(OpenSessionsMin, Math.Min(_options.OpenSessionsMax, _options.Users / 2));

    /// <summary>The next event, at this time; times should not fall.</summary>
    public ShopEvent Next(long timestampMs)
    {
        if (_lastMs != long.MinValue)
        {
            // A mean over about the last 200 events: the load changes over minutes, not events.
            _intervalMs += (Math.Clamp(timestampMs - _lastMs, 0, SessionIdleMsMax) - _intervalMs) * 0.005;
        }

        _lastMs = timestampMs;
        var impossible = 0;
        while (true)
        {
            var type = _mix.Draw(impossible);
            if (TryMake(type, timestampMs) is { } made)
            {
                _mix.Count(type);
                return made;
            }

            impossible |= 1 << (int)type;
        }
    }

    private ShopEvent? TryMake(EventType type, long atMs)
    {
        switch (type)
        {
            case EventType.View:
                {
                    var session = AnySession(atMs);
                    var product = ChooseProduct(session.User);
                    session.View(product);
                    return Event(type, session, atMs, product);
                }

            case EventType.Search:
                {
                    var session = AnySession(atMs);
                    var phrases = _phrases[ChooseProduct(session.User)];
                    return Event(type, session, atMs, query: phrases[_random.NextInt(phrases.Length)]);
                }

            case EventType.Cart:
                return TryAct(type, ShopSession.Done.Viewed, ShopSession.Done.Carted, atMs);
            case EventType.Purchase:
                return TryAct(type, ShopSession.Done.Carted, ShopSession.Done.Purchased, atMs);
            case EventType.Like:
                return TryAct(type, ShopSession.Done.Viewed, ShopSession.Done.Liked, atMs);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type");
        }
    }

    /// <summary>From a random place round all visits until one can: nearly always the first few, as views are more than what follows them.</summary>
    private ShopEvent? TryAct(EventType type, ShopSession.Done needs, ShopSession.Done adds, long atMs)
    {
        var start = _open.Count == 0 ? 0 : _random.NextInt(_open.Count);
        for (var i = 0; i < _open.Count; i++)
        {
            var session = _open[(start + i) % _open.Count];
            if (!IsIdle(session, atMs) && session.TryAct(needs, adds, Taste, _random, out var product))
            {
                return Event(type, session, atMs, product);
            }
        }

        return null;
    }

    /// <summary>A visit for a view or a search: a going one, or a new one when there are too few for the load or the one drawn is over.</summary>
    private ShopSession AnySession(long atMs)
    {
        var wanted = Math.Clamp((int)(StepMsMean / Math.Max(_intervalMs, 0.001)), OpenSessionsMin, OpenSessionsMax);
        while (_open.Count >= wanted)
        {
            var at = _random.NextInt(_open.Count);
            var session = _open[at];
            if (session.EventsLeft > 0 && !IsIdle(session, atMs))
            {
                return session;
            }

            _isShopping[session.User] = false;
            _open[at] = _open[^1];
            _open.RemoveAt(_open.Count - 1);
        }

        var user = _activity.Draw(_random);
        while (_isShopping[user])
        {
            user = (user + 1) % _options.Users;
        }

        _isShopping[user] = true;
        var extra = -SessionEventsExtraMean * Math.Log(1 - _random.NextDouble());
        var opened = new ShopSession(user, string.Concat(_prefix, "s", Number(++_sessions)), SessionEventsMin + (int)extra, atMs);
        _open.Add(opened);
        return opened;
    }

    private static bool IsIdle(ShopSession session, long atMs) => atMs - session.LastMs > SessionIdleMsMax;

    private int ChooseProduct(int user)
    {
        var best = 0;
        var bestScore = double.NegativeInfinity;
        for (var i = 0; i < ViewCandidates; i++)
        {
            var product = _popularity.Draw(_random);
            var score = (TasteStrength * Taste.Affinity(user, product)) + _random.NextGumbel();
            if (score > bestScore)
            {
                bestScore = score;
                best = product;
            }
        }

        return best;
    }

    private ShopEvent Event(EventType type, ShopSession session, long atMs, int product = -1, string? query = null)
    {
        session.Touch(atMs);
        var isPurchase = type == EventType.Purchase;
        return new ShopEvent
        {
            EventId = string.Concat(_prefix, Number(++_events)),
            UserId = _userIds[session.User],
            ProductId = product < 0 ? null : _products[product].Id,
            Type = type,
            TimestampMs = atMs,
            SessionId = session.Id,
            Query = query,
            Quantity = isPurchase ? DrawQuantity() : null,
            UnitPrice = isPurchase ? _products[product].Price : null,
        };
    }

    /// <summary>One piece in four purchases of five, then halving: 2, 3, ... 8.</summary>
    private int DrawQuantity()
    {
        var draw = _random.NextDouble();
        var quantity = 1;
        for (var tail = 0.2; draw < tail && quantity < 8; tail /= 2)
        {
            quantity++;
        }

        return quantity;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
