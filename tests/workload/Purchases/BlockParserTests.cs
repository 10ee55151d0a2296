using System.Globalization;
using System.Text;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Parsing;
using Reco.Workload.Retail;
using Reco.Workload.Tests.Support;

namespace Reco.Workload.Tests.Purchases;

/// <summary>The block parser against the row reader, its slow and obvious oracle: the same bytes, in the same order, and the same counts.</summary>
public sealed class BlockParserTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_TheWholeRealFile_EqualsTheOracle()
    {
        var path = PurchaseFiles.FindOnlineRetail();
        Assert.SkipWhen(path is null, "shared/data/online-retail.csv.gz is not beside the repository");
        await AssertEqualsOracle(RetailCsv.Inspect(path!), BlockReader.BlockBytes);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(BlockReader.BlockBytes)]
    public async Task Read_GeneratedFile_EqualsTheOracle(int blockBytes) =>
        await AssertEqualsOracle(RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(3_000, seed: 7))), blockBytes);

    public static TheoryData<string> Hostile =>
    [
        "1,A,\"RED, \"\"BIG\"\" CUP\",6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,CAKE STAND 6\" WHITE,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,\"never closed,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,\"two\nlines\",6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,\"two\r\nlines\",6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,\"closed\"behind,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,5\" \"X\",6,2010-12-01 08:26:00,2.55,17850.0,\"UK\"behind\"and, more\"",
        "1,5\"A,\"closed\"behind,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,5\"A,X,6,2010-12-01 08:26:00,2.55,17850.0,\"never closed",
        "1,A,\"closed\" ,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,\"\",6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "\"1\",\"A\",\"X\",\"6\",\"2010-12-01 08:26:00\",\"2.55\",\"17850.0\",\"UK\"",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0,UK,more",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0,",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0,\"",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0,\"\"",
        ",,,,,,,",
        ",",
        "\"",
        "\"\"",
        " ",
        "\t",
        "",
        "\r\n\r\n",
        "\n\n\n",
        "1,A, X\t,6,2010-12-01 08:26:00,2.55,17850.0, UK ",
        "1,A,back\\slash \u0001 </script> & 'é' € 😀 \u2028,6,2010-12-01 08:26:00,2.55,17850.0,Österreich",
        "1é,Aß,X,6,2010-12-01 08:26:00,2.55,Ü,UK",
        "1,A\u0001,X,6,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,X,6,12/1/2010 8:26,2.55,17850,UK",
        "1,A,X,6,12/1/2010 8:26:01,2.55,17850,UK",
        "1,A,X,6,2010-12-01T08:26:00Z,2.55,17850,UK",
        "1,A,X,6,1950-12-01 08:26:00,2.55,17850,UK",
        "1,A,X,6,2010-13-01 08:26:00,2.55,17850,UK",
        "1,A,X,six,2010-12-01 08:26:00,2.55,17850,UK",
        "1,A,X,+6,2010-12-01 08:26:00,+2.55,17850,UK",
        "1,A,X,6.0,2010-12-01 08:26:00,2.550,17850,UK",
        "1,A,X,-0,2010-12-01 08:26:00,2.55,17850,UK",
        "1,A,X,007,2010-12-01 08:26:00,007.50,17850,UK",
        "1,A,X, 6 ,2010-12-01 08:26:00, 2.55 ,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,.5,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,5.,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,1e3,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,-11062.06,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,0.000,17850,UK",
        "1,A,X,6,2010-12-01 08:26:00,123456.789012345678,17850,UK",
        "1,A,X,999999,2010-12-01 08:26:00,999999.999999,17850,UK",
        "1,A,X,1000000,2010-12-01 08:26:00,1000000,17850,UK",
        "1,A,X,1000001,2010-12-01 08:26:00,1000000.01,17850,UK",
        "1,A,X,99999999999999999999,2010-12-01 08:26:00,1,17850,UK",
        "c1,A,X,-6,2010-12-01 08:26:00,2.55,,UK",
        "C1,A,X,0,2010-12-01 08:26:00,2.55,17850.0,UK",
        "C1,A,X,-2000000,2010-12-01 08:26:00,2.55,17850.0,UK",
        "1,A,X,6,2010-12-01 08:26:00,2.55,.0,UK",
        "1,A,X,6,2010-12-01 08:26:00,2.55,17850.0.0,UK",
        "1,A,,6,2010-12-01 08:26:00,2.55,17850,UK",
        "1,NEW,,6,2010-12-01 08:26:00,2.55,17850,UK",
        "1,A,Z,6,2010-12-01 08:26:00,2.55\r,17850,UK",
        "1,A,Z\rY,6,2010-12-01 08:26:00,2.55,17850,UK",
        "1,A,Z,6,2010-12-01 08:26:00,2.55,17850,UK\r",
        "1,A,Z\0,6,2010-12-01 08:26:00,2.55,17850,U\0K",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Read_HostileRowAmongOthers_EqualsTheOracle(string row)
    {
        const string Clean = "536365,A,\"WHITE, HEART\",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom";
        foreach (var end in new[] { "\n", "\r\n" })
        {
            var text = string.Join(end, RetailCsv.Header, Clean, row, row, Clean, "2,A,,1,2010-12-01 08:26:00,1,,UK", row);
            await AssertEqualsOracle(Inspect(Encoding.UTF8.GetBytes(text)), 64);
            await AssertEqualsOracle(Inspect(Encoding.UTF8.GetBytes(text + end)), BlockReader.BlockBytes);
            await AssertEqualsOracle(Inspect(Encoding.Latin1.GetBytes(text)), 100);
        }
    }

    [Fact]
    public async Task Read_RowsMixedAtRandom_EqualsTheOracle()
    {
        var random = new Random(20_101_201);
        string[] rows = [.. Hostile.Select(h => h.Data), .. RetailCsv.Generate(80, seed: 3)[1..]];
        for (var round = 0; round < 60; round++)
        {
            var end = random.Next(2) == 0 ? "\n" : "\r\n";
            var lines = Enumerable.Range(0, random.Next(1, 200)).Select(_ => rows[random.Next(rows.Length)]);
            var text = RetailCsv.Header + end + string.Join(end, lines) + (random.Next(2) == 0 ? end : "");
            var encoding = random.Next(2) == 0 ? Encoding.UTF8 : Encoding.Latin1;
            await AssertEqualsOracle(Inspect(encoding.GetBytes(text)), random.Next(1, 2_000), random.Next(3) == 0 ? random.Next(1, 100) : null);
        }
    }

    [Fact]
    public async Task Read_BytesMixedAtRandom_EqualsTheOracle()
    {
        var random = new Random(5);
        const string Alphabet = "1,,,,,\"\"\n\r A.é-C";
        for (var round = 0; round < 300; round++)
        {
            var noise = string.Concat(Enumerable.Range(0, random.Next(120)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            await AssertEqualsOracle(Inspect(Encoding.UTF8.GetBytes($"{RetailCsv.Header}\n{noise}")), random.Next(1, 50));
        }
    }

    [Fact]
    public async Task Read_MissingDescriptions_AreFilledAcrossBlocksAndNeverFromRefusedRows()
    {
        string[] lines =
        [
            RetailCsv.Header,
            "1,A,,1,2010-12-01 08:26:00,1,1,UK",
            "2,A,damaged,-1,2010-12-01 08:26:00,1,1,UK",
            "3,A,,1,2010-12-01 08:26:00,1,1,UK",
            "4,A,HEART,1,2010-12-01 08:26:00,1,1,UK",
            .. Enumerable.Range(0, 50).Select(i => $"5,B{i},OTHER,1,2010-12-01 08:26:00,1,1,UK"),
            "6,A,,1,2010-12-01 08:26:00,1,1,UK",
            "C7,A,\"RED \"\"HEART\"\"\",-1,2010-12-01 08:26:00,1,1,UK",
            "8,A,,1,2010-12-01 08:26:00,1,1,UK",
        ];
        var source = new BlockPurchaseSource(Inspect(Encoding.UTF8.GetBytes(string.Join('\n', lines))), workers: 2, blockBytes: 128);

        var purchases = (await PurchaseFiles.ReadAll(source)).Select(m => Read(m.Value)).Where(p => p.StockCode == "A").ToArray();

        Assert.Equal(["", "", "HEART", "HEART", "RED \"HEART\"", "RED \"HEART\""], purchases.Select(p => p.Description));
        Assert.Equal((2L, 2L, 1L), (source.Tally.DescriptionsFilled, source.Tally.DescriptionsEmpty, source.Tally.Returns));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Read_AnyNumberOfWorkers_SameOrder(int workers)
    {
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(2_000, seed: 1)));
        var expected = await PurchaseFiles.ReadAll(new RowPurchaseSource(file));
        var messages = await PurchaseFiles.ReadAll(new BlockPurchaseSource(file, workers, blockBytes: 300));
        Assert.Equal(expected.Select(m => Encoding.UTF8.GetString(m.Value)), messages.Select(m => Encoding.UTF8.GetString(m.Value)));
    }

    [Fact]
    public async Task Read_RowWithoutEnd_IsRefused()
    {
        var file = Inspect(Encoding.UTF8.GetBytes(RetailCsv.Header + "\n" + new string('x', 4 * 1024 * 1024)));
        await Assert.ThrowsAsync<RetailFormatException>(() => PurchaseFiles.ReadAll(new BlockPurchaseSource(file, 2)));
        await Assert.ThrowsAsync<RetailFormatException>(() => PurchaseFiles.ReadAll(new RowPurchaseSource(file)));
    }

    [Fact]
    public async Task Read_MissingColumn_IsRefusedByItsName()
    {
        var file = Inspect("InvoiceNo,StockCode\n1,2\n"u8.ToArray());
        var fault = await Assert.ThrowsAsync<RetailFormatException>(() => PurchaseFiles.ReadAll(new BlockPurchaseSource(file, 2)));
        Assert.Contains("no column Description", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Cancelled_Stops()
    {
        var file = RetailCsv.Inspect(RetailCsv.Write(_folder, "f.csv", RetailCsv.Generate(5_000, seed: 1)));
        using var stop = new CancellationTokenSource();
        var enumerating = Task.Run(
            async () =>
            {
                await foreach (var batch in new BlockPurchaseSource(file, 2, blockBytes: 500).ReadAsync(stop.Token))
                {
                    Assert.NotEqual(0, batch.Count);
                    await stop.CancelAsync();
                }
            },
            TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => enumerating.Within("cancelling"));
    }

    private static async Task AssertEqualsOracle(RetailFile file, int blockBytes, long? limit = null)
    {
        var oracle = new RowPurchaseSource(file, limit);
        var blocks = new BlockPurchaseSource(file, workers: 3, limit, blockBytes);
        var expected = (await PurchaseFiles.ReadAll(oracle)).Select(Text).ToArray();
        var actual = (await PurchaseFiles.ReadAll(blocks)).Select(Text).ToArray();
        var different = expected.Zip(actual).FirstOrDefault(pair => pair.First != pair.Second);
        Assert.Equal(different.First, different.Second);
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(Counts(oracle.Tally), Counts(blocks.Tally));
    }

    private static string Text((byte[] Key, byte[] Value, ulong Tag) message)
    {
        Assert.Equal(ContentHash.Of(message.Key, message.Value), message.Tag);
        return Encoding.UTF8.GetString(message.Key) + " " + Encoding.UTF8.GetString(message.Value);
    }

    private static string Counts(PurchaseTally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tally.Rows} {tally.Kept} {tally.Returns} {tally.WithoutCustomer} {tally.DescriptionsFilled} {tally.DescriptionsEmpty} "
        + $"{string.Join(' ', tally.RefusedByReason())}\n{string.Join('\n', tally.BadRows)}");

    private static Purchase Read(byte[] value)
    {
        Assert.True(PurchaseJson.TryRead(value, out var purchase, out var fault), fault);
        return purchase!;
    }

    private RetailFile Inspect(byte[] content) => RetailCsv.Inspect(RetailCsv.WriteBytes(_folder, "hostile.csv", content));
}
