using System.Text;
using LowRank.Training.Deduplication;
using LowRank.Training.Documents;
using LowRank.Training.Filtering;
using LowRank.Training.Tokenization;

namespace LowRank.Data.Benchmarks;

/// <summary>All that is measured. To measure something else, add a line.</summary>
internal static class Measurements
{
    // Limits that every document keeps to, so that all checks are made and no number hides work that wasn't done.
    private static readonly C4Options C4 = new()
    {
        RequireTerminalPunctuation = false,
        DropCurlyBrackets = false,
        MinSentences = 5,
    };

    private static readonly FineWebQualityOptions FineWeb = new()
    {
        MinPunctuatedLines = 0,
        MaxShortLines = 1,
        MaxDuplicateLineCharacters = 1,
        MaxNewlinesPerWord = 1,
    };

    public static IReadOnlyList<Measurement> All { get; } =
    [
        Files.Reading("reading .jsonl", ".jsonl"),
        Files.Reading("reading .jsonl.zst", ".jsonl.zst"),
        Files.Reading("reading pages of a .warc.gz", ".warc.gz"),
        Measurement.OfTexts("words, by white space", () => Splitting(new WhiteSpaceSplitter())),
        Measurement.OfTexts("words of English", () => Splitting(new EnglishSplitter())),
        Measurement.OfTexts("language", Telling),
        Filter("gopher-repetition, with words", words => new GopherRepetitionFilter(new(), words)),
        Filter("gopher-quality, with words", words => new GopherQualityFilter(new(), words)),
        Filter("c4", _ => new C4Filter(C4)),
        Filter("fineweb-quality, with words", words => new FineWebQualityFilter(FineWeb, words)),
        Filter("pii", _ => new PiiFilter(new PiiOptions())),
        Filter(
            "all of these filters, words split once",
            words => new GopherRepetitionFilter(new(), words),
            words => new GopherQualityFilter(new(), words),
            _ => new C4Filter(C4),
            words => new FineWebQualityFilter(FineWeb, words),
            _ => new PiiFilter(new PiiOptions())
        ),
        new("tokenizing", Tokenizing),
        Signing.MinHash("MinHash signatures, SHA-1", ShingleHash.Sha1),
        Signing.MinHash("MinHash signatures, xxHash", ShingleHash.XxHash),
        Signing.Exact("signatures of equal texts"),
        Files.Pipeline("data --preset fineweb, with tokens", "fineweb"),
        Files.Pipeline("data --preset refinedweb, with tokens", "refinedweb"),
    ];

    private static Action Tokenizing(SampleText sample)
    {
        byte[][] texts = [.. sample.Documents.Select(Encoding.UTF8.GetBytes)];
        var trainer = new BytePairTrainer();
        foreach (var text in texts)
            trainer.Add(text);
        // As many entries as the tokenizers of small models have.
        var tokenizer = trainer.Train(32_768);
        var ids = new List<int>();
        return () =>
        {
            foreach (var text in texts)
            {
                ids.Clear();
                tokenizer.Encode(text, ids);
            }
        };
    }

    private static Action<string> Telling()
    {
        var detector = new LanguageDetector(new LanguageOptions());
        return text => detector.Detect(text);
    }

    private static Action<string> Splitting(IWordSplitter splitter)
    {
        var words = new WordList();
        return text =>
        {
            words.Clear();
            splitter.Split(text, words);
        };
    }

    private static Measurement Filter(string name, params Func<TextWords, IDocumentFilter>[] makers) =>
        Measurement.OfTexts(
            name,
            () =>
            {
                // Words are split anew for every text that is another string than the one before.
                var words = new TextWords(new EnglishSplitter());
                IDocumentFilter[] filters = [.. makers.Select(make => make(words))];
                return text =>
                {
                    var document = new Document { Id = "", Text = text };
                    foreach (var filter in filters)
                    {
                        if (filter.Apply(document) is { } reason)
                            throw new InvalidOperationException($"{filter.Name} dropped a document, which hides work: {reason}.");
                    }
                };
            }
        );
}
