using Reco.Workload.Replay;

namespace Reco.Workload.Tests.Replay;

public sealed class ReplayProgressFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("progress.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_AfterSaves_IsTheLastAndNothingElseStays()
    {
        var store = new ReplayProgressFile(Path);
        Assert.Null(store.Load());
        store.Save(new ReplayProgress("abc", 10, 9, 1));
        store.Save(new ReplayProgress("abc", 20, 18, 2));

        Assert.Equal(new ReplayProgress("abc", 20, 18, 2), new ReplayProgressFile(Path).Load());
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Load_SaveThatDiedHalfWay_IsTheOneBefore()
    {
        var store = new ReplayProgressFile(Path);
        store.Save(new ReplayProgress("abc", 10, 9, 1));
        File.WriteAllText(Path + ".new", "{\"file_ide");

        Assert.Equal(10, store.Load()!.Rows);
        store.Save(new ReplayProgress("abc", 30, 27, 3));
        Assert.Equal(30, store.Load()!.Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"rows\":1}")]
    [InlineData("{\"file_identity\":\"a\",\"rows\":-1,\"accepted\":0,\"rejected\":0}")]
    [InlineData("{\"file_identity\":null,\"rows\":1,\"accepted\":0,\"rejected\":0}")]
    public void Load_DamagedFile_IsRefusedWithWhatToDo(string content)
    {
        File.WriteAllText(Path, content);

        Assert.Contains("remove it", Assert.Throws<ReplayProgressException>(() => new ReplayProgressFile(Path).Load()).Message, StringComparison.Ordinal);
    }
}
