using System.Globalization;
using System.Text;
using LowRank.Training.Documents;
using LowRank.Training.Pipelines;

namespace LowRank.Data.Benchmarks.Crawl;

/// <summary>
/// Makes much text of some, to see how memory and time grow: copies of documents in which every twelfth word, by chance, is another one of
/// the same document.
/// </summary>
internal static class NoisyCopies
{
    private const int WordsPerNoise = 12;

    /// <summary>Writes the copies, a file for each.</summary>
    /// <param name="documents">A folder of documents, as a pipeline leaves them.</param>
    /// <param name="output">Where the copies go.</param>
    /// <param name="copies">How many.</param>
    /// <returns>Bytes of text.</returns>
    public static long Make(string documents, string output, int copies)
    {
        Directory.CreateDirectory(output);
        var bytes = 0L;
        for (var copy = 0; copy < copies; copy++)
        {
            var random = new Random(copy);
            var file = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{copy:000}{DocumentWriter.Extension}"));
            using var writer = new DocumentWriter(file, file + ".part");
            foreach (var path in Directory.GetFiles(documents).Order(StringComparer.Ordinal))
            {
                foreach (var document in DocumentReader.Read(path))
                {
                    document.Text = Noisy(document.Text, random);
                    bytes += Encoding.UTF8.GetByteCount(document.Text);
                    writer.Write(document);
                }
            }

            writer.Complete();
        }

        return bytes;
    }

    private static string Noisy(string text, Random random)
    {
        var words = text.Split(' ');
        for (var count = (words.Length / WordsPerNoise) + 1; count > 0; count--)
            words[random.Next(words.Length)] = words[random.Next(words.Length)];
        return string.Join(' ', words);
    }
}
