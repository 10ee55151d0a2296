using System.Globalization;
using Reco.Workload.Replay;
using Reco.Workload.Retail;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary>Shows how far a replay is: a bar on a terminal, a line now and then elsewhere.</summary>
internal static class ReplayProgressView
{
    public static async Task<ReplaySummary> ShowAsync(
        IAnsiConsole console, TimeProvider time, Func<IReplayObserver, Task<ReplaySummary>> replay)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
        {
            return await replay(new Lines(console, time));
        }

        return await console.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(progress => replay(new Bar(progress.AddTask("reading the file"), time)));
    }

    private static string Say(ReplayProgress progress, Pace pace) => string.Create(
        CultureInfo.InvariantCulture, $"row {progress.Rows} of {pace.Rows}, {pace.PerSecond(progress):0} events/s");

    private sealed record Pace(long Rows, long EventsBefore, long StartedAt, TimeProvider Time)
    {
        public double PerSecond(ReplayProgress progress) =>
            Time.GetElapsedTime(StartedAt).TotalSeconds is var seconds and > 0 ? (progress.Events - EventsBefore) / seconds : 0;
    }

    private sealed class Bar(ProgressTask task, TimeProvider time) : IReplayObserver
    {
        private Pace _pace = new(0, 0, 0, time);

        public void Begun(RetailTally tally, int products, ReplayProgress from)
        {
            _pace = new Pace(tally.Rows, from.Events, time.GetTimestamp(), time);
            task.MaxValue = Math.Max(1, tally.Rows);
            task.Value = from.Rows;
        }

        public void Advanced(ReplayProgress progress)
        {
            task.Value = progress.Rows;
            task.Description = Say(progress, _pace);
        }
    }

    private sealed class Lines(IAnsiConsole console, TimeProvider time) : IReplayObserver
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

        private Pace _pace = new(0, 0, 0, time);
        private long _saidAt;

        public void Begun(RetailTally tally, int products, ReplayProgress from)
        {
            _pace = new Pace(tally.Rows, from.Events, time.GetTimestamp(), time);
            _saidAt = _pace.StartedAt;
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{tally.Rows} rows, {tally.Purchases} purchases, {products} products; starting after row {from.Rows}"));
        }

        public void Advanced(ReplayProgress progress)
        {
            if (time.GetElapsedTime(_saidAt) >= Every)
            {
                _saidAt = time.GetTimestamp();
                var rowsLeft = _pace.Rows - progress.Rows;
                var share = (double)progress.Rows / Math.Max(1, _pace.Rows);
                var left = share > 0 ? time.GetElapsedTime(_pace.StartedAt) * ((1 - share) / share) : TimeSpan.Zero;
                console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{Say(progress, _pace)}, {rowsLeft} rows and about {left.TotalSeconds:0} s to go"));
            }
        }
    }
}
