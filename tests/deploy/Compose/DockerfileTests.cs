using System.Xml.Linq;

namespace Reco.Deploy.Tests.Compose;

public sealed class DockerfileTests
{
    private const string Silo = "silo/Reco.Silo.csproj";

    private const string Sample = """
        ARG VERSION=1.2
        FROM sdk:${VERSION} AS build
        COPY silo/Reco.Silo.csproj silo/
        RUN one \
         && two
        FROM runtime:${VERSION} AS base
        USER app
        FROM base AS silo
        """;

    /// <summary>One that is missing would be a restore without its packages, and a build that fails.</summary>
    [Fact]
    public void Restore_Projects_AreTheSiloAndAllThatItReferences() =>
        Assert.Equal(Closure(Silo).Order(StringComparer.Ordinal), new Dockerfile(DeployFiles.Read(Dockerfile.Path)).CopiedProjects.Order(StringComparer.Ordinal));

    [Fact]
    public void Dockerfile_OfThisShape_IsRead()
    {
        var dockerfile = new Dockerfile(Sample);
        Assert.Equal(["sdk:1.2", "runtime:1.2"], dockerfile.BaseImages);
        Assert.Equal([Silo], dockerfile.CopiedProjects);
        Assert.Equal("app", dockerfile.UserOf("silo"));
        Assert.Null(dockerfile.UserOf("build"));
        Assert.Contains("two", Assert.Single(dockerfile.Commands), StringComparison.Ordinal);
    }

    private static HashSet<string> Closure(string first)
    {
        var found = new HashSet<string> { first };
        var open = new Queue<string>(found);
        while (open.TryDequeue(out var project))
        {
            foreach (var reference in XDocument.Parse(DeployFiles.Read(project)).Descendants("ProjectReference"))
            {
                var path = Path.GetRelativePath(
                    DeployFiles.Root, Path.Combine(DeployFiles.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value));
                if (found.Add(path))
                {
                    open.Enqueue(path);
                }
            }
        }

        return found;
    }
}
