using System.Text;
using System.Text.RegularExpressions;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization;

/// <summary>Byte-pair training and encoding as a textbook writes them: slow, and simple enough to be believed.</summary>
internal static class ReferenceBytePairs
{
    /// <summary>The tokens in the order of their making, written in the byte alphabet.</summary>
    public static List<string> Train(IEnumerable<string> documents, int merges)
    {
        var expression = new Regex(SplitPattern.Gpt2.Expression, RegexOptions.CultureInvariant);
        List<List<string>> words =
        [
            .. documents
                .SelectMany(document => expression.Matches(document))
                .Select(match =>
                    ByteAlphabet.Write(Encoding.UTF8.GetBytes(match.Value)).Select(character => character.ToString()).ToList()
                ),
        ];
        List<string> tokens =
        [
            .. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Write([(byte)value])).Order(StringComparer.Ordinal),
        ];
        while (merges > 0)
        {
            var counts = new Dictionary<(int, int), int>();
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    (int, int) pair = (tokens.IndexOf(word[i]), tokens.IndexOf(word[i + 1]));
                    counts[pair] = counts.GetValueOrDefault(pair) + 1;
                }
            }

            (var (left, right), _) = counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).First();
            var product = tokens[left] + tokens[right];
            merges -= tokens.Contains(product) ? 0 : 1;
            tokens.AddRange(tokens.Contains(product) ? [] : [product]);
            words = [.. words.Select(word => Merge(word, tokens[left], tokens[right]))];
        }

        return tokens;
    }

    /// <summary>One word's ids: the first merge of the list that fits, its leftmost place, until none fits.</summary>
    public static List<int> EncodeWord(BytePairVocabulary vocabulary, byte[] word)
    {
        List<int> ids = [.. word.Select(value => vocabulary.IdOfByte[value])];
        while (true)
        {
            (int Left, int Right, int Product)? best = null;
            var at = -1;
            foreach ((int Left, int Right, int Product) merge in vocabulary.Merges)
            {
                at = Enumerable.Range(0, ids.Count - 1).FirstOrDefault(i => ids[i] == merge.Left && ids[i + 1] == merge.Right, -1);
                if (at >= 0)
                {
                    best = merge;
                    break;
                }
            }

            if (best is null)
                return ids;

            ids[at] = best.Value.Product;
            ids.RemoveAt(at + 1);
        }
    }

    private static List<string> Merge(List<string> word, string left, string right)
    {
        var merged = new List<string>();
        for (var i = 0; i < word.Count; i++)
        {
            var pair = i + 1 < word.Count && word[i] == left && word[i + 1] == right;
            merged.Add(pair ? left + right : word[i]);
            i += pair ? 1 : 0;
        }

        return merged;
    }
}
