using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>
/// The tokens of many files as one sequence. A file is opened when it is first read, and every token is checked as it is read.
/// </summary>
internal sealed class ShardedTokens : TokenSequence
{
    /// <summary>Files that stay mapped: as many as a step reads at random, far below what systems allow.</summary>
    private const int MostMapped = 128;

    private readonly TokenFile[] files;

    /// <summary>Where the tokens of each file end.</summary>
    private readonly long[] ends;
    private readonly int vocabulary;
    private readonly MappedFiles mapped;

    /// <param name="files">The files, in order.</param>
    /// <param name="vocabulary">Tokens are below it.</param>
    /// <param name="mostMapped">The most files that stay mapped.</param>
    public ShardedTokens(IEnumerable<TokenFile> files, int vocabulary, int mostMapped = MostMapped)
        : this([.. files.Where(file => file.Tokens > 0)], vocabulary, mostMapped) { }

    private ShardedTokens(TokenFile[] files, int vocabulary, int mostMapped)
        : base(files.Sum(file => file.Tokens))
    {
        this.files = files;
        this.vocabulary = vocabulary;
        mapped = new MappedFiles(files, mostMapped);
        ends = new long[files.Length];
        long end = 0;
        for (var file = 0; file < files.Length; file++)
            ends[file] = end += files[file].Tokens;
    }

    /// <summary>How many files are mapped.</summary>
    internal int Mapped => mapped.Mapped;

    private protected override void Copy(long offset, Span<long> destination)
    {
        var found = Array.BinarySearch(ends, offset);
        for (var file = found < 0 ? ~found : found + 1; !destination.IsEmpty; file++)
        {
            var start = offset - (ends[file] - files[file].Tokens);
            var piece = destination[..(int)Math.Min(destination.Length, files[file].Tokens - start)];
            if (mapped.Read(file, start, piece) >= vocabulary)
                throw Beyond(files[file], start, piece);
            destination = destination[piece.Length..];
            offset += piece.Length;
        }
    }

    private protected override void Release() => mapped.Dispose();

    private InputException Beyond(TokenFile file, long start, ReadOnlySpan<long> tokens)
    {
        var at = 0;
        while (tokens[at] < vocabulary)
            at++;
        return new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Token {start + at} of '{file.Path}' is {tokens[at]}, but the tokenizer has {vocabulary} entries, numbered from 0; give the tokenizer that the tokens were made with."
            )
        );
    }
}
