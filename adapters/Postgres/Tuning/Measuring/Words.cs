using System.Globalization;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>Sentences with numbers in them, the same in every culture.</summary>
internal static class Words
{
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static double Ratio(MeasuredForm slow, MeasuredForm fast) =>
        // PostgreSQL tells microseconds; a form below one is taken as one.
        Math.Round(slow.MedianMs / Math.Max(0.001, fast.MedianMs), 1);

    /// <summary>"12.3 times faster (4.1 ms against 50.4 ms)", or slower: as it was measured.</summary>
    public static string Against(MeasuredForm fast, MeasuredForm slow) => fast.MedianMs <= slow.MedianMs
        ? Text($"{Ratio(slow, fast):N1} times faster ({fast.MedianMs:0.###} ms against {slow.MedianMs:0.###} ms)")
        : Text($"{Ratio(fast, slow):N1} times slower on this data ({fast.MedianMs:0.###} ms against {slow.MedianMs:0.###} ms)");

    public static string Blocks(MeasuredForm form) => Text($"{form.Buffers.Hit + form.Buffers.Read:N0} blocks");
}
