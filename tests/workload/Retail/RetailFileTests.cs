using System.Text;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Retail;

public sealed class RetailFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _content = Encoding.UTF8.GetBytes(string.Join('\n', RetailCsv.Generate(2_000, seed: 3)) + "\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_SameContentUnderOtherNamesAndCompressed_HasOneIdentity()
    {
        var plain = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "a.csv", _content));
        var copy = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "b.txt", _content));
        var packed = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "c.csv", RetailCsv.Gzip(_content)));

        Assert.Equal(plain.Identity, copy.Identity);
        Assert.Equal(plain.Identity, packed.Identity);
        Assert.Equal((false, true), (plain.IsGzip, packed.IsGzip));
        Assert.Equal(RetailReader.Read(plain).ToArray(), RetailReader.Read(packed).ToArray());
    }

    [Fact]
    public void Inspect_LastByteChanged_HasAnotherIdentity()
    {
        var before = RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "a.csv", _content)).Identity;
        _content[^2] ^= 1;

        Assert.NotEqual(before, RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "a.csv", _content)).Identity);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Inspect_TruncatedGzip_IsRefused(double part)
    {
        var packed = RetailCsv.Gzip(_content);
        var path = RetailCsv.WriteBytes(_folder, "cut.csv.gz", packed[..(int)(packed.Length * part)]);

        Assert.Contains("truncated", Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_GzipWithoutItsTrailer_IsRefused()
    {
        var packed = RetailCsv.Gzip(_content);

        Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "cut.csv.gz", packed[..^8])));
    }

    [Fact]
    public void Inspect_DamagedGzip_IsRefused()
    {
        var packed = RetailCsv.Gzip(_content);
        packed[packed.Length / 2] ^= 0xff;

        Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "bad.csv.gz", packed)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gz")]
    public void Inspect_EmptyFile_IsRefused(string kind)
    {
        var path = RetailCsv.WriteBytes(_folder, "empty", kind == "gz" ? RetailCsv.Gzip([]) : []);

        Assert.Contains("empty", Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_MissingFileOrSpreadsheet_IsRefusedWithWhatToDo()
    {
        Assert.Contains(
            "cannot be read", Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(_folder.File("none"))).Message, StringComparison.Ordinal);
        var xlsx = RetailCsv.WriteBytes(_folder, "book.xlsx", [.. "PK\u0003\u0004"u8, .. new byte[100]]);
        Assert.Contains("export", Assert.Throws<RetailFormatException>(() => RetailCsv.Inspect(xlsx)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_MultiByteCharacterOverTheBufferEdge_IsStillUtf8()
    {
        // The buffer has 128 KiB; a two-byte character begins on its last byte.
        var text = $"{new string('x', (128 * 1024) - 1)}é{new string('y', 1000)}";

        Assert.Equal(Encoding.UTF8, RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "edge.csv", Encoding.UTF8.GetBytes(text))).Encoding);
    }
}
