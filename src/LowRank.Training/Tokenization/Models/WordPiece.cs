using System.Text;

namespace LowRank.Training.Tokenization.Models;

/// <summary>
/// Cuts a word into the longest pieces from left to right (Wu et al., arXiv:1609.08144), in the details of Hugging Face's <c>WordPiece</c>.
/// </summary>
/// <param name="entries">The vocabulary.</param>
/// <param name="unknown">The id of a word that can't be cut so.</param>
/// <param name="prefix">What stands before every piece but a word's first.</param>
/// <param name="longest">A word of more characters is unknown.</param>
internal sealed class WordPiece(EntryTable entries, int unknown, byte[] prefix, int longest) : WordModel
{
    public override void Encode(ReadOnlySpan<byte> word, List<int> destination, CancellationToken cancellation = default)
    {
        var before = destination.Count;
        var isUnknown = word.Length > longest && Encoding.UTF8.GetCharCount(word) - Pairs(word) > longest;
        for (var start = 0; start < word.Length && !isUnknown; )
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(word.Length, start + entries.Longest);
            while (end < word.Length && end > start && (word[end] & 0xC0) == 0x80)
                end--;
            var id = -1;
            while (end > start)
            {
                var piece = word[start..end];
                id = entries.Find(start == 0 ? piece : (byte[])[.. prefix, .. piece]);
                if (id >= 0)
                    break;
                do end--;
                while (end > start && (word[end] & 0xC0) == 0x80);
            }

            isUnknown = id < 0;
            destination.Add(id);
            start = end;
        }

        if (!isUnknown)
            return;
        destination.RemoveRange(before, destination.Count - before);
        destination.Add(unknown);
    }

    // Characters that are two in UTF-16.
    private static int Pairs(ReadOnlySpan<byte> word)
    {
        var count = 0;
        foreach (var value in word)
            count += value >= 0xF0 ? 1 : 0;
        return count;
    }
}
