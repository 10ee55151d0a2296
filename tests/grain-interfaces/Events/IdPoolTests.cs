using System.Text;

namespace Reco.GrainInterfaces.Tests.Events;

public sealed class IdPoolTests
{
    [Fact]
    public void Get_SameBytesTwice_IsOneString()
    {
        var pool = new IdPool();

        Assert.Same(pool.Get("user-1"u8), pool.Get(Encoding.UTF8.GetBytes("user-1")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(15)]
    public void Get_ManyIds_AreAlwaysTheRightText(int bits)
    {
        // 3,000 ids in 2 slots collide nearly always: a pool may forget, never confuse.
        var pool = new IdPool(bits);
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var id = $"id-{random.Next(3_000)}-é";
            Assert.Equal(id, pool.Get(Encoding.UTF8.GetBytes(id)));
        }
    }

    [Fact]
    public void Get_BytesChangeAfterwards_KeepsWhatItWasGiven()
    {
        var pool = new IdPool();
        var bytes = "user-1"u8.ToArray();
        pool.Get(bytes);
        bytes[0] = (byte)'X';

        Assert.Equal("Xser-1", pool.Get(bytes));
        Assert.Equal("user-1", pool.Get("user-1"u8));
    }

    [Fact]
    public void Get_Empty_IsEmpty() => Assert.Equal("", new IdPool().Get(default));

    [Fact]
    public void Get_InvalidUtf8_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new IdPool().Get([0xC3, 0x28]));

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Constructor_BitsOutOfRange_Throws(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdPool(bits));
}
