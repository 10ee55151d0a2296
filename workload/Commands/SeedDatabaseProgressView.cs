using System.Globalization;
using Reco.Adapters.Postgres.Seeding;
using Spectre.Console;

namespace Reco.Workload.Commands;

/// <summary>Shows how far seeding is: a bar for each phase on a terminal, a line now and then elsewhere.</summary>
internal static class SeedDatabaseProgressView
{
    public static async Task<SeedingSummary> ShowAsync(
        IAnsiConsole console, TimeProvider time, Func<IProgress<SeedingProgress>, Task<SeedingSummary>> seed)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
        {
            return await seed(new Lines(console, time));
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => seed(new Bars(progress)));
    }

    private sealed class Bars(ProgressContext progress) : IProgress<SeedingProgress>
    {
        private ProgressTask? _task;

        public void Report(SeedingProgress value)
        {
            if (_task?.Description != value.Phase)
            {
                if (_task is { } finished)
                {
                    finished.Value = finished.MaxValue;
                }

                _task = progress.AddTask(value.Phase, maxValue: Math.Max(1, value.Total));
            }

            _task.Value = value.Done;
        }
    }

    private sealed class Lines(IAnsiConsole console, TimeProvider time) : IProgress<SeedingProgress>
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

        private string? _phase;
        private long _saidAt;

        public void Report(SeedingProgress value)
        {
            if (_phase == value.Phase && time.GetElapsedTime(_saidAt) < Every)
            {
                return;
            }

            _phase = value.Phase;
            _saidAt = time.GetTimestamp();
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Phase}: {value.Done} of {value.Total}"));
        }
    }
}
