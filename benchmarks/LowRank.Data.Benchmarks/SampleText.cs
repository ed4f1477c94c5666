using System.Text;
using LowRank.Training.Documents;
using LowRank.Training.Filtering;

namespace LowRank.Data.Benchmarks;

/// <summary>
/// The text that is measured over: the SDK's documentation, cut into documents as long as pages of the web mostly are. Those that
/// Gopher's rules drop are left out: on what is kept, they make all of their checks.
/// </summary>
internal sealed class SampleText
{
    private const int Length = 3_000;
    private const int Most = 8_000_000;

    private SampleText(IReadOnlyList<string> documents)
    {
        Documents = documents;
        Bytes = documents.Sum(document => (long)Encoding.UTF8.GetByteCount(document));
    }

    /// <summary>The documents.</summary>
    public IReadOnlyList<string> Documents { get; }

    /// <summary>How long they are in UTF-8.</summary>
    public long Bytes { get; }

    public static SampleText Read()
    {
        var documents = new List<string>();
        var document = new StringBuilder();
        var length = 0;
        var words = new TextWords(new EnglishSplitter());
        IDocumentFilter[] filters = [new GopherRepetitionFilter(new(), words), new GopherQualityFilter(new(), words)];
        IDocumentSource source = SdkDocumentation.Find();
        foreach (var line in source.ReadDocuments().SelectMany(text => Encoding.UTF8.GetString(text).Split('\n')))
        {
            document.Append(line).Append('\n');
            if (document.Length < Length)
                continue;
            var text = document.ToString();
            document.Clear();
            if (filters.Any(filter => filter.Apply(new Document { Id = "", Text = text }) is not null))
                continue;
            documents.Add(text);
            length += text.Length;
            if (length > Most)
                break;
        }

        return new SampleText(documents);
    }
}
