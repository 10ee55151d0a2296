using Reco.Workload.Traffic;

namespace Reco.Bench.Sharding;

/// <summary>
/// User-item pairs with the skew of a large shop, user by user and never all in memory. Items: Zipf and Mandelbrot, exponent 1, so that a tenth of them
/// has most of the pairs. Pairs of a user: log-normal, at most the 500 that a history keeps.
/// </summary>
internal sealed class SkewedShop(int items, double pairsPerUser, ulong seed)
{
    public const int PairsOfUserMax = 500;

    private const double ItemShift = 50;
    private const double ItemExponent = 1.0;
    private const double UserSigma = 1.2;
    private const int DrawsPerPairMax = 50;

    private readonly SplitMix _random = new(seed);
    private readonly AliasTable _popularity = AliasTable.Zipf(items, ItemShift, ItemExponent);
    private readonly int[] _lastUser = new int[items];
    private readonly int[] _drawn = new int[Math.Min(PairsOfUserMax, items)];
    private int _users;

    /// <summary>Users so far.</summary>
    public int Users => _users;

    /// <summary>The next user's items, each once, at most so many; valid until the next call.</summary>
    public ReadOnlySpan<int> Next(long atMost)
    {
        _users++;
        var mean = Math.Log(pairsPerUser) - (UserSigma * UserSigma / 2);
        var wanted = (int)Math.Min(Math.Clamp(Math.Round(Math.Exp(mean + (UserSigma * _random.NextNormal()))), 1, _drawn.Length), atMost);
        var count = 0;
        for (var draw = 0; count < wanted && draw < wanted * DrawsPerPairMax; draw++)
        {
            var item = _popularity.Draw(_random);
            if (_lastUser[item] != _users)
            {
                _lastUser[item] = _users;
                _drawn[count++] = item;
            }
        }

        return _drawn.AsSpan(0, count);
    }
}
