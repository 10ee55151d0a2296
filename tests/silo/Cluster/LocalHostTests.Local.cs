using Microsoft.Extensions.Options;
using Reco.Silo.Hosting;
using Reco.Testing;

namespace Reco.Silo.Tests.Cluster;

/// <summary>The single-process host says in a sentence that it makes no cluster.</summary>
public sealed class LocalHostTests : IDisposable
{
    private readonly TempFolder _temp = new();

    [Theory]
    [InlineData("Cluster:Membership", "Redis")]
    [InlineData("Cluster:Storage", "Postgres")]
    public void Build_ClusterIsAskedFor_SaysWhichBuildHasIt(string key, string value) =>
        Assert.Contains("RecoHost=Orleans", Refusal(RecoRole.Silo, (key, value)), StringComparison.Ordinal);

    [Fact]
    public void Build_Gateway_SaysWhichBuildHasIt() =>
        Assert.Contains("RecoHost=Orleans", Refusal(RecoRole.Gateway), StringComparison.Ordinal);

    [Fact]
    public void Build_UnknownKeyInTheSection_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => Build(RecoRole.Silo, ("Cluster:Memberships", "Redis")));

    public void Dispose() => _temp.Dispose();

    private string Refusal(RecoRole role, params (string Key, string Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Build(role, settings)).Message;

    private void Build(RecoRole role, params (string Key, string Value)[] settings) =>
        RecoApplication.Build(
            settings.Append(("Embedded:DataFolder", _temp.Path)).ToDictionary(s => s.Item1, s => (string?)s.Item2), role: role);
}
