using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Reco.Adapters.Embedded;
using Reco.Core.Profiles;
using Reco.Grains.State;
using Reco.Silo.Commands;
using Reco.Silo.Hosting;
using Reco.Testing;

namespace Reco.Silo.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_EmptyFolder_HasNothingToSay()
    {
        Assert.Equal(DoctorCommand.Healthy, await RunAsync());
        Assert.Contains("0 states looked at", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_AllWell_CountsThem()
    {
        await StoreAsync(("user", GrainId.Create("user", "ann"), new UserProfile().Encode()), ("product", GrainId.Create("product", "a/b"), new ProductProfile().Encode()));

        Assert.Equal(DoctorCommand.Healthy, await RunAsync());

        Assert.Contains("2 states looked at (1 product, 1 user), 0 damaged", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_SomeDamaged_NamesThemAndChangesNothing()
    {
        await StoreAsync(
            ("user", GrainId.Create("user", "ann"), new UserProfile().Encode()),
            ("user", GrainId.Create("user", "bob"), [200, 1, 2]),
            ("product", GrainId.Create("product", "x/y"), []),
            ("forgotten", GrainId.Create("user", "cyd"), [1]));

        Assert.Equal(DoctorCommand.Damaged, await RunAsync());
        var first = _out.ToString();
        Assert.Equal(DoctorCommand.Damaged, await RunAsync());

        Assert.Contains("damaged  user/bob (user): ", first, StringComparison.Ordinal);
        Assert.Contains("damaged  product/x/y (product): ", first, StringComparison.Ordinal);
        Assert.Contains("damaged  user/cyd (forgotten): no grain of this release", first, StringComparison.Ordinal);
        Assert.DoesNotContain("user/ann", first, StringComparison.Ordinal);
        Assert.Contains("4 states looked at (1 forgotten, 1 product, 2 user), 3 damaged", first, StringComparison.Ordinal);
        Assert.Equal(first + first, _out.ToString());
    }

    [Fact]
    public async Task Doctor_SystemIsRunningOnTheFolder_SaysSo()
    {
        await using var running = EmbeddedStorage.Open(new EmbeddedOptions { DataFolder = _temp.Path }, TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal(DoctorCommand.CannotLook, await RunAsync());

        Assert.Contains("cannot look", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cluster:Storage=Memory")]
    [InlineData("Cluster:Storage=Redis")]
    [InlineData("Embedded:Partitions=0")]
    public async Task Doctor_WrongSetting_SaysWhich(string setting)
    {
        Assert.Equal(DoctorCommand.CannotLook, await RunAsync("--set", setting));
        Assert.NotEmpty(_error.ToString());
    }

    public void Dispose() => _temp.Dispose();

    private Task<int> RunAsync(params string[] arguments) =>
        DoctorCommand.Create().Parse(["--data", _temp.Path, .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = _out, Error = _error }, Cancel);

    private async Task StoreAsync(params (string State, GrainId Grain, byte[] Bytes)[] states)
    {
        await using var storage = EmbeddedStorage.Open(new EmbeddedOptions { DataFolder = _temp.Path }, TimeProvider.System, NullLoggerFactory.Instance);
        var grains = new StateStoreGrainStorage(storage.State);
        foreach (var (state, grain, bytes) in states)
        {
            await grains.WriteStateAsync(state, grain, new GrainState<EncodedState>(new EncodedState { Bytes = bytes }));
        }
    }
}
