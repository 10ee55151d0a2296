namespace Reco.Architecture.Tests;

/// <summary>Small files, one idea each.</summary>
public sealed class SizeTests
{
    private const int FileLinesMax = 400;
    private const int ProgramLinesMax = 40;

    [Fact]
    public void SourceFiles_All_StayShort() =>
        Assert.DoesNotContain(
            Repository.SourceFiles().Select(file => (File: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count())),
            file => file.Lines > FileLinesMax);

    [Fact]
    public void Programs_All_ReadAsATableOfContents() =>
        Assert.DoesNotContain(
            Repository.SourceFiles().Where(file => Path.GetFileName(file) == "Program.cs"),
            file => File.ReadLines(file).Count() > ProgramLinesMax);

    [Fact]
    public void Solution_NamesEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Reco.Orleans.sln"));
        Assert.All(
            Repository.Projects(),
            project => Assert.Contains(Path.GetRelativePath(Repository.Root, project).Replace('/', '\\'), solution));
    }
}
