using System.Globalization;
using Xunit.Sdk;

namespace Reco.Silo.Tests.Orders;

public sealed class OrderSimulationTests
{
    private const int SeedsPerTest = 150;

    /// <summary>One seed, when a failure is to be looked at: RECO_SIMULATION_SEED=123.</summary>
    private static readonly string? OnlySeed = Environment.GetEnvironmentVariable("RECO_SIMULATION_SEED");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Sink_WhateverFails_OrdersAreThePurchasesOfTheLog(int block)
    {
        var commits = 0L;
        var seeds = OnlySeed is null
            ? Enumerable.Range(block * SeedsPerTest, SeedsPerTest)
            : Enumerable.Repeat(int.Parse(OnlySeed, CultureInfo.InvariantCulture), SeedsPerTest);
        foreach (var seed in seeds)
        {
            var simulation = new OrderSimulation(seed);
            try
            {
                await simulation.RunAsync();
            }
            catch (Exception failure)
            {
                throw new XunitException($"seed {seed} ({simulation.Story}): {failure.Message}", failure);
            }

            commits += simulation.Commits;
        }

        // A simulation in which hardly anything was ever committed would prove little.
        Assert.True(commits > SeedsPerTest * 3, $"only {commits} commits");
    }
}
