using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Reco.Core.Tests.Windows;

/// <summary>Property tests that run the same cases every time, and shrink a failing sequence by leaving elements out.</summary>
internal static class Seeded
{
    public static void Holds<T>(Gen<T> gen, int length, Action<T[]> assert, int cases = 200, ulong seed = 20260105)
    {
        var arrays = Gen.Choose(0, length).SelectMany(n => gen.ArrayOf(n));
        var property = Prop.ForAll(Arb.From(arrays, Shorter), items => assert(items));
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, 0x9E3779B97F4A7C15), FSharpOption<int>.None)));
        property.Check(config);
    }

    private static IEnumerable<T[]> Shorter<T>(T[] items)
    {
        for (var size = items.Length / 2; size >= 1; size /= 2)
        {
            for (var start = 0; start + size <= items.Length; start += size)
            {
                yield return [.. items[..start], .. items[(start + size)..]];
            }
        }
    }
}
