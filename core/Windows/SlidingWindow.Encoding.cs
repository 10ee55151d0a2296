namespace Reco.Core.Windows;

/// <content>The persisted form: only panes that hold something, by their age.</content>
public sealed partial class SlidingWindow
{
    private const byte Version = 1;

    /// <summary>The state in bytes.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version);
        WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a window.</exception>
    public static SlidingWindow Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "sliding window");
        var window = ReadFrom(ref reader);
        reader.End();
        return window;
    }

    internal void WriteTo(ref StateWriter writer)
    {
        writer.Count(SlideMs);
        if (SlideMs == 0)
        {
            return;
        }

        var panes = Revenue.Length;
        writer.Count(panes);
        writer.Count(Kinds);
        writer.Byte(Users.Length != 0 ? (byte)1 : (byte)0);
        writer.Signed(NewestPane);
        writer.Count(FilledPanes());
        for (var age = 0; age < panes; age++)
        {
            var slot = SlotOf(NewestPane - age, panes);
            if (IsEmpty(slot))
            {
                continue;
            }

            writer.Count(age);
            foreach (var count in Counts.AsSpan(slot * Kinds, Kinds))
            {
                writer.Count(count);
            }

            writer.Decimal(Revenue[slot]);
            if (Users.Length != 0)
            {
                (Users[slot] ??= new DistinctCounter()).WriteTo(ref writer);
            }
        }
    }

    internal static SlidingWindow ReadFrom(ref StateReader reader)
    {
        var window = new SlidingWindow { SlideMs = reader.Count((long)TimeSpan.FromDays(1).TotalMilliseconds) };
        if (window.SlideMs == 0)
        {
            return window;
        }

        var panes = (int)reader.Count(WindowShape.RingPanesMax);
        window.Kinds = (int)reader.Count(WindowShape.KindsMax);
        if (panes == 0 || window.Kinds == 0)
        {
            reader.Fail("a window has no panes or no kinds");
        }

        var countUsers = reader.Byte() != 0;
        window.NewestPane = reader.Signed();
        if (window.NewestPane < WindowShape.TimeMsMin || window.NewestPane > WindowShape.TimeMsMax)
        {
            reader.Fail("its newest pane is outside the calendar");
        }

        window.Counts = new long[panes * window.Kinds];
        window.Revenue = new decimal[panes];
        window.Users = countUsers ? new DistinctCounter?[panes] : [];
        for (var left = reader.Count(panes); left > 0; left--)
        {
            var slot = SlotOf(window.NewestPane - reader.Count(panes - 1), panes);
            foreach (ref var count in window.Counts.AsSpan(slot * window.Kinds, window.Kinds))
            {
                count = reader.Count();
            }

            window.Revenue[slot] = reader.Decimal();
            if (countUsers)
            {
                window.Users[slot] = DistinctCounter.ReadFrom(ref reader);
            }
        }

        return window;
    }

    private bool IsEmpty(int slot) => !Counts.AsSpan(slot * Kinds, Kinds).ContainsAnyExcept(0L);

    private int FilledPanes()
    {
        var filled = 0;
        for (var slot = 0; slot < Revenue.Length; slot++)
        {
            filled += IsEmpty(slot) ? 0 : 1;
        }

        return filled;
    }
}
