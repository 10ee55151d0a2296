namespace Reco.Workload.Traffic;

/// <summary>A visit: who, and what was done so far with the last products looked at.</summary>
internal sealed class ShopSession(int user, string id, int eventsLeft, long startedMs)
{
    /// <summary>Products a shopper keeps in mind; an older one is not carted or liked any more.</summary>
    private const int Remembered = 8;

    private readonly Item[] _items = new Item[Remembered];
    private int _count;
    private int _oldest;

    [Flags]
    internal enum Done : byte
    {
        None = 0,
        Viewed = 1,
        Carted = 2,
        Purchased = 4,
        Liked = 8,
    }

    public int User { get; } = user;

    public string Id { get; } = id;

    public int EventsLeft { get; private set; } = eventsLeft;

    public long LastMs { get; private set; } = startedMs;

    public void Touch(long atMs)
    {
        EventsLeft--;
        LastMs = atMs;
    }

    public void View(int product)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_items[i].Product == product)
            {
                return;
            }
        }

        if (_count < Remembered)
        {
            _items[_count++] = new Item(product, Done.Viewed);
            return;
        }

        _items[_oldest] = new Item(product, Done.Viewed);
        _oldest = (_oldest + 1) % Remembered;
    }

    /// <summary>
    /// Among products that have <paramref name="needs"/> and not yet <paramref name="adds"/>, the one the shopper likes most, more or less.
    /// </summary>
    public bool TryAct(Done needs, Done adds, TasteModel taste, SplitMix random, out int product)
    {
        var best = -1;
        var bestScore = double.NegativeInfinity;
        for (var i = 0; i < _count; i++)
        {
            if ((_items[i].State & needs) == 0 || (_items[i].State & adds) != 0)
            {
                continue;
            }

            var score = (2 * taste.Affinity(User, _items[i].Product)) + random.NextGumbel();
            if (score > bestScore)
            {
                bestScore = score;
                best = i;
            }
        }

        product = best < 0 ? -1 : _items[best].Product;
        if (best >= 0)
        {
            _items[best] = new Item(product, _items[best].State | adds);
        }

        return best >= 0;
    }

    private readonly record struct Item(int Product, Done State);
}
