using System.IO.Hashing;
using System.Text;
using LowRank.Training.Documents;
using LowRank.Training.Pipelines;

namespace LowRank.Data.Benchmarks.Crawl;

/// <summary>
/// Parts the documents that a pipeline has left, and those that it was given, for a comparison of both: the same documents of the first are
/// held out of both.
/// </summary>
internal static class HeldOut
{
    private const int OfHundred = 6;

    /// <summary>Writes <c>filtered</c>, <c>raw</c> and <c>clean</c>, a file in each; the last is what is held out.</summary>
    /// <param name="filtered">A folder of documents that a pipeline has left.</param>
    /// <param name="raw">The folder of documents that it was given.</param>
    /// <param name="output">Where the three go.</param>
    public static void Write(string filtered, string raw, string output)
    {
        var clean = Read(filtered).Where(IsHeldOut).Select(document => document.Id).ToHashSet(StringComparer.Ordinal);
        Write("filtered", Read(filtered).Where(document => !clean.Contains(document.Id)));
        Write("raw", Read(raw).Where(document => !clean.Contains(document.Id)));
        Write("clean", Read(filtered).Where(document => clean.Contains(document.Id)));

        void Write(string name, IEnumerable<Document> documents)
        {
            Directory.CreateDirectory(Path.Combine(output, name));
            var file = Path.Combine(output, name, "documents" + DocumentWriter.Extension);
            using var writer = new DocumentWriter(file, file + ".part");
            var (count, bytes) = (0, 0L);
            foreach (var document in documents)
            {
                writer.Write(document);
                count++;
                bytes += Encoding.UTF8.GetByteCount(document.Text);
            }

            writer.Complete();
            Console.WriteLine(FormattableString.Invariant($"{name}: {count} documents, {bytes / 1e6:0.00} MB"));
        }
    }

    private static bool IsHeldOut(Document document) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(document.Id)) % 100 < OfHundred;

    private static IEnumerable<Document> Read(string folder) =>
        Directory.GetFiles(folder).Order(StringComparer.Ordinal).SelectMany(file => DocumentReader.Read(file));
}
