namespace Reco.Deploy.Tests.Settings;

/// <summary>One system for all tests of a class: putting it together takes a second.</summary>
public sealed class RecoSystemFixture : IAsyncDisposable
{
    internal RecoSystem System { get; } = new();

    public ValueTask DisposeAsync() => System.DisposeAsync();
}
