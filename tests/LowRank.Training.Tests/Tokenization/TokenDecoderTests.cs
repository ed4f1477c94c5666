using System.Text;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

public sealed class TokenDecoderTests
{
    /// <summary>The bytes alone, so that every character of several bytes is of several tokens.</summary>
    private static readonly Tokenizer Bytes = Samples.Train([], 257);

    [Fact]
    public void A_character_appears_when_its_last_byte_does()
    {
        var decoder = new TokenDecoder(Bytes);

        Assert.Equal(["a", "", "é", "", "", "", "😀", "b", ""], Bytes.Encode("aé😀b").Select(decoder.Append).Append(decoder.Flush()));
    }

    [Fact]
    public void Pieces_make_the_whole_text()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var text = RandomText.Next(random, 60);
            var decoder = new TokenDecoder(Samples.Tokenizer);
            Assert.Equal(text, string.Concat(Samples.Tokenizer.Encode(text).Select(decoder.Append)) + decoder.Flush());
        }
    }

    [Fact]
    public void Broken_bytes_become_the_replacement_character()
    {
        var decoder = new TokenDecoder(Bytes);
        var cut = Encoding.UTF8.GetBytes("x😀")[..^1];

        Assert.Equal("x\uFFFD", string.Concat(Bytes.Encode(cut).Select(decoder.Append)) + decoder.Flush());
        Assert.Equal("y", decoder.Append(Bytes.Encode("y")[0]));
    }
}
