namespace Reco.Architecture.Tests;

/// <summary>Arrows point one way only: docs/ARCHITECTURE.md draws them, this keeps them.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["core"] = [],
        ["local-orleans"] = [],
        ["grain-interfaces"] = ["local-orleans"],
        ["grains"] = ["grain-interfaces", "core"],
        ["adapters"] = ["grain-interfaces", "core"],
        ["client-api"] = ["grain-interfaces", "core", "adapters"],
        ["workload"] = ["grain-interfaces", "core", "adapters"],
        ["silo"] = ["grain-interfaces", "core", "grains", "adapters", "client-api", "workload", "local-orleans"],
        ["bench"] = ["grain-interfaces", "core", "grains", "adapters", "client-api", "workload", "local-orleans", "silo"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void ProjectReferences_OfEachFolder_FollowTheArrows(string folder)
    {
        var project = Assert.Single(Repository.Projects(), p => Repository.FolderOf(p) == folder);
        Assert.All(Repository.References(project), reference => Assert.Contains(reference, Allowed[folder]));
    }

    [Fact]
    public void Projects_OutsideTests_AreAllInTheMap() =>
        Assert.Equal(
            Allowed.Keys.Order(),
            Repository.Projects().Select(Repository.FolderOf).Where(f => !f.StartsWith("tests/", StringComparison.Ordinal)).Order());

    [Fact]
    public void Assemblies_OfEachFolder_ReferenceOnlyWhatTheArrowsAllow()
    {
        var names = Repository.Projects().ToDictionary(p => Path.GetFileNameWithoutExtension(p), Repository.FolderOf);
        foreach (var (folder, allowed) in Allowed)
        {
            var name = names.Single(n => n.Value == folder).Key;
            var assembly = System.Reflection.Assembly.Load(name);
            var reached = assembly.GetReferencedAssemblies()
                .Where(reference => names.ContainsKey(reference.Name!))
                .Select(reference => names[reference.Name!])
                // A project sees the grain abstractions through the contracts.
                .Where(reached => reached != "local-orleans");
            Assert.All(reached, target => Assert.Contains(target, allowed));
        }
    }

    [Fact]
    public void Core_DoesNoInputOrOutput()
    {
        string[] banned = ["System.Net.Http", "System.Net.Sockets", "System.IO.File", "Microsoft.AspNetCore", "Microsoft.Extensions"];
        var assembly = System.Reflection.Assembly.Load("Reco.Core");
        Assert.All(
            assembly.GetReferencedAssemblies(),
            reference => Assert.DoesNotContain(banned, name => reference.Name!.StartsWith(name, StringComparison.Ordinal)));
    }
}
