using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Models;

/// <summary>What a <see cref="CharacterPairs"/> model is made of.</summary>
internal sealed record CharacterPairOptions
{
    public required EntryTable Entries { get; init; }

    public required PairMerges Merges { get; init; }

    /// <summary>The id of what has no entry, or null where that is left out.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether several unknown characters in a row are one.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character without an entry becomes those of its bytes.</summary>
    public bool ByteFallback { get; init; }

    public bool IgnoreMerges { get; init; }

    /// <summary>What is set before every character but a word's first.</summary>
    public byte[] ContinuingPrefix { get; init; } = [];

    /// <summary>What is set behind a word's last character.</summary>
    public byte[] EndSuffix { get; init; } = [];
}

/// <summary>
/// Byte-pair encoding that begins with characters, as SentencePiece has it (Sennrich et al., arXiv:1508.07909; Kudo and Richardson,
/// arXiv:1808.06226), in the details of Hugging Face's <c>BPE</c>.
/// </summary>
internal sealed class CharacterPairs(CharacterPairOptions options) : WordModel
{
    private readonly ByteEntries? bytes = options.ByteFallback ? new ByteEntries(options.Entries) : null;

    public override void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        if (options.IgnoreMerges && options.Entries.Find(word) is >= 0 and var whole)
        {
            destination.Add(whole);
            return;
        }

        var symbols = new List<int>(Math.Min(word.Length, 1 << 12));
        Begin(word, symbols, cancellation);
        options.Merges.Merge(CollectionsMarshal.AsSpan(symbols), destination, cancellation);
    }

    // The symbols before any merge.
    private void Begin(ReadOnlySpan<byte> word, List<int> symbols, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        var unknown = false;
        for (var at = 0; at < word.Length; )
        {
            pace.Step();
            var length = Rune.DecodeFromUtf8(word[at..], out _, out var valid) == OperationStatus.Done ? valid : 1;
            var character = Marked(word, at, length);
            at += length;
            if (options.Entries.Find(character) is >= 0 and var id)
            {
                if (unknown)
                    symbols.Add(options.Unknown!.Value);
                unknown = false;
                symbols.Add(id);
                continue;
            }

            if (bytes?.TryAdd(character, symbols) == true || options.Unknown is null)
                continue;
            if (unknown && !options.FuseUnknown)
                symbols.Add(options.Unknown.Value);
            unknown = true;
        }

        if (unknown)
            symbols.Add(options.Unknown!.Value);
    }

    private ReadOnlySpan<byte> Marked(ReadOnlySpan<byte> word, int at, int length)
    {
        var character = word.Slice(at, length);
        if (at > 0 && options.ContinuingPrefix.Length > 0)
            character = (byte[])[.. options.ContinuingPrefix, .. character];
        if (at + length == word.Length && options.EndSuffix.Length > 0)
            character = (byte[])[.. character, .. options.EndSuffix];
        return character;
    }
}
