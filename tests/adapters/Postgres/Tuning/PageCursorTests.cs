using Reco.Adapters.Postgres.Tuning.Experiments;

namespace Reco.Adapters.Tests.Postgres.Tuning;

public sealed class PageCursorTests
{
    private static readonly PageCursor Sample = new(new DateTime(2025, 3, 1, 12, 30, 15, DateTimeKind.Utc).AddTicks(1234560), 987_654_321);

    [Fact]
    public void Token_GoneThere_ComesBack()
    {
        Assert.True(PageCursor.TryParse(Sample.ToToken(), out var read));
        Assert.Equal(Sample, read);
        Assert.Equal(DateTimeKind.Utc, read.CreatedAt.Kind);
    }

    [Fact]
    public void TryParse_AnyOtherLetterAnywhere_IsRefused()
    {
        var token = Sample.ToToken();
        for (var index = 0; index < token.Length; index++)
        {
            foreach (var letter in "Aa0_-")
            {
                var changed = token[..index] + letter + token[(index + 1)..];
                Assert.True(changed == token || !PageCursor.TryParse(changed, out _), changed);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("'; DROP TABLE orders; --")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_WhatWeNeverMade_IsRefused(string text) => Assert.False(PageCursor.TryParse(text, out _));
}
