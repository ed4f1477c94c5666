using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Training.Tests.Deduplication;

[SuppressMessage("Security", "CA5350", Justification = "It is what signatures were made with.")]
[SuppressMessage("Performance", "CA1859", Justification = "A splitter is any.")]
public sealed class ShinglesTests
{
    private const string Ascii = "One, two; three four five six: seven.";
    private const string Wide = "Один, два; три четыре пять шесть: семь в\u0301осемь, и ещё Ünïcödé ﬁve words behind \uD83D\uDE00 it";

    [Theory]
    [InlineData(Ascii)]
    [InlineData(Wide)]
    [InlineData("a  b \u0301 c d e f g")]
    public void Every_five_words_are_hashed_as_FineWeb_did(string text)
    {
        var shingles = new Shingles(new MinHashOptions { Hash = ShingleHash.Sha1 }, new WhiteSpaceSplitter());
        var expected = Expected(text, 5, bytes => BinaryPrimitives.ReadUInt64LittleEndian(SHA1.HashData(bytes)));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, shingles.Hash(text));
    }

    [Theory]
    [InlineData(Ascii, 5)]
    [InlineData(Wide, 3)]
    [InlineData(Wide, 1)]
    public void Other_functions_and_lengths_are_used(string text, int size)
    {
        var options = new MinHashOptions { NGrams = size };
        var splitter = new WhiteSpaceSplitter();
        Assert.Equal(Expected(text, size, bytes => XxHash64.HashToUInt64(bytes)), new Shingles(options, splitter).Hash(text));
        Assert.Equal(
            Expected(text, size, bytes => XxHash32.HashToUInt32(bytes)),
            new Shingles(options with { HashBits = 32 }, splitter).Hash(text)
        );
        Assert.Equal(
            Expected(text, size, bytes => BinaryPrimitives.ReadUInt32LittleEndian(SHA1.HashData(bytes))),
            new Shingles(options with { HashBits = 32, Hash = ShingleHash.Sha1 }, splitter).Hash(text)
        );
    }

    [Fact]
    public void Words_are_those_of_the_splitter()
    {
        var shingles = new Shingles(new MinHashOptions { NGrams = 2 }, new Letters());
        Assert.Equal(
            new[] { "a b", "b ç", "ç d" }.Select(text => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.Replace('ç', 'c')))),
            shingles.Hash("ab Çd").ToArray()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("one two three four")]
    [InlineData("one, two, three, four -- ... !")]
    public void A_text_of_fewer_words_has_none(string text) =>
        Assert.Empty(new Shingles(new MinHashOptions(), new WhiteSpaceSplitter()).Hash(text).ToArray());

    private static ulong[] Expected(string text, int size, Func<byte[], ulong> hash)
    {
        var words = new TextNormalizer().Normalize(text).ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Enumerable
                .Range(0, Math.Max(0, words.Length - size + 1))
                .Select(first => hash(Encoding.UTF8.GetBytes(string.Join(' ', words[first..(first + size)])))),
        ];
    }

    private sealed class Letters : IWordSplitter
    {
        public string Name => "letters";

        public void Split(ReadOnlySpan<char> text, WordList words)
        {
            for (var index = 0; index < text.Length; index++)
            {
                if (text[index] != ' ')
                    words.Add(index, 1);
            }
        }
    }
}
