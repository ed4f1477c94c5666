using System.Buffers;
using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Models;

/// <summary>
/// A unigram model: of all ways to cut a text into pieces the likeliest, by Viterbi's algorithm (Kudo, arXiv:1804.10959), in the details of
/// Hugging Face's <c>Unigram</c>.
/// </summary>
internal sealed class Unigram : WordModel
{
    /// <summary>By how much the score of an unknown character is below that of the least likely piece.</summary>
    private const double UnknownPenalty = 10;

    private readonly double[] scores;
    private readonly int? unknown;
    private readonly double unknownScore;
    private readonly ByteTrie trie = new();
    private readonly EntryTable entries = new();
    private readonly ByteEntries? bytes;

    /// <param name="pieces">The pieces and the logarithms of their probabilities, by id.</param>
    /// <param name="unknown">The id of what no piece covers; null where that is an error.</param>
    /// <param name="byteFallback">Whether the bytes of such a character become pieces, where all have one.</param>
    public Unigram(IReadOnlyList<(byte[] Piece, double Score)> pieces, int? unknown, bool byteFallback)
    {
        scores = [.. pieces.Select(piece => piece.Score)];
        this.unknown = unknown;
        unknownScore = (scores.Length > 0 ? scores.Min() : 0) - UnknownPenalty;
        for (var id = 0; id < pieces.Count; id++)
        {
            entries.Add(pieces[id].Piece, id);
            if (pieces[id].Piece.Length > 0)
                trie.Add(pieces[id].Piece, id);
        }

        bytes = byteFallback ? new ByteEntries(entries) : null;
    }

    /// <exception cref="InputException">There is a character that no piece covers, and no id for that.</exception>
    public override void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        var ends = new List<(int Id, int Start, int End)>();
        Cut(word, ends, cancellation);
        for (var index = 0; index < ends.Count; index++)
        {
            var (id, start, end) = ends[index];
            if (id == unknown)
            {
                // Several in a row are one, and that may have an entry.
                while (index + 1 < ends.Count && ends[index + 1].Id == unknown)
                    end = ends[++index].End;
                id = entries.Find(word[start..end]);
                if (id < 0 && bytes?.TryAdd(word[start..end], destination) == true)
                    continue;
            }

            destination.Add(id >= 0 ? id : Unknown());
        }
    }

    private void Cut(ReadOnlySpan<byte> word, List<(int Id, int Start, int End)> pieces, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        // The best way to each place: the last piece, where it begins, and the sum of scores.
        var ids = new int[word.Length + 1];
        var starts = new int[word.Length + 1];
        var sums = new double[word.Length + 1];
        Array.Fill(starts, -1);
        for (var start = 0; start < word.Length; )
        {
            pace.Step();
            var character = Rune.DecodeFromUtf8(word[start..], out _, out var valid) == OperationStatus.Done ? valid : 1;
            var (isCovered, node) = (false, ByteTrie.Root);
            for (var end = start; end < word.Length && trie.TryStep(ref node, word[end]); )
            {
                end++;
                var id = trie.End(node);
                if (id < 0)
                    continue;
                Take(end, id, scores[id] + sums[start]);
                isCovered |= end - start == character;
            }

            if (!isCovered)
                Take(start + character, Unknown(), unknownScore + sums[start]);
            start += character;

            void Take(int end, int id, double sum)
            {
                if (starts[end] < 0 || sum > sums[end])
                    (ids[end], starts[end], sums[end]) = (id, start, sum);
            }
        }

        for (var end = word.Length; end > 0; end = starts[end])
            pieces.Add((ids[end], starts[end], end));
        pieces.Reverse();
    }

    private int Unknown() =>
        unknown
        ?? throw new InputException(
            "The tokenizer has no id for characters that none of its pieces covers (unk_id is null), and the text holds one; use text of its characters, or another tokenizer."
        );
}
