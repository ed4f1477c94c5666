using System.Text.Json;
using LowRank.Training.Data;
using LowRank.Training.Tests.Data.Shards;
using LowRank.Training.Tests.Tokenization;

namespace LowRank.Training.Tests.Data.Mixtures;

public sealed class MixturePreparationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_text_is_prepared_as_it_would_be_alone_with_one_tokenizer()
    {
        var (web, code) = Texts();
        using var mixture = TokenDataset.Prepare(Options([web, code], [0.75, 0.25]));

        Assert.Equal([3, 1], mixture.Mixture!.Parts);
        Assert.Equal($"75 % {web}; 25 % {code}", mixture.Description);
        for (var source = 0; source < 2; source++)
        {
            using var alone = TokenDataset.Prepare(Options([source == 0 ? web : code], []) with { TokenizerPath = mixture.TokenizerPath });
            Assert.Equal(alone.Fingerprint, mixture.Mixture.Sources[source].Fingerprint);
        }

        Assert.Equal(mixture.Mixture.Sources.Sum(source => source.Training.Count), mixture.Training.Count);
        Assert.Equal(mixture.Mixture.Sources.Sum(source => source.TrainingDocuments), mixture.TrainingDocuments);
    }

    [Fact]
    public void The_cache_keeps_all_of_it_and_the_fingerprint_tells_the_weights()
    {
        var (web, code) = Texts();
        var reports = new List<string>();
        using var first = TokenDataset.Prepare(Options([web, code], [3, 1]), new Reports(reports));
        Assert.Contains(reports, report => report.Contains("by weight", StringComparison.Ordinal));
        reports.Clear();
        using var again = TokenDataset.Prepare(Options([web, code], [3, 1]), new Reports(reports));
        Assert.Empty(reports);
        Assert.Equal(first.Fingerprint, again.Fingerprint);
        Assert.Empty(Directory.GetFiles(folder.Under("cache"), "documents*"));

        using var other = TokenDataset.Prepare(Options([web, code], [1, 1]) with { TokenizerPath = first.TokenizerPath });
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public void The_tokenizer_learns_by_weight()
    {
        // Of two texts of one size, the one with nearly all of the weight is the one whose words become tokens.
        var left = Text("left", Enumerable.Range(0, 300).Select(i => $"{i} anteater anteater anteater anteater"));
        var right = Text("right", Enumerable.Range(0, 300).Select(i => $"{i} zoological zoological zoological"));
        string[] Words(double[] weights)
        {
            using var data = TokenDataset.Prepare(Options([left, right], weights) with { Vocabulary = 265 });
            return
            [
                .. Enumerable
                    .Range(0, data.Tokenizer.VocabularySize)
                    .Select(id => System.Text.Encoding.UTF8.GetString(data.Tokenizer.Decode([id]))),
            ];
        }

        Assert.True(Pairs("aet", Words([99, 1])) > Pairs("zoglic", Words([99, 1])));
        Assert.True(Pairs("zoglic", Words([1, 99])) > Pairs("aet", Words([1, 99])));

        static int Pairs(string letters, string[] words) =>
            words.Count(word => word.Length > 1 && word.Trim().All(letter => letters.Contains(letter, StringComparison.Ordinal)));
    }

    [Fact]
    public void Text_beside_tokens_is_encoded_by_their_tokenizer()
    {
        var (web, _) = Texts();
        folder.Write("d/x.bin", TokenBytes.Llmc(2, [.. Enumerable.Range(0, 200)]));
        Samples.Tokenizer.Save(folder.Under("d", "tokenizer.json"));

        using var mixture = TokenDataset.Prepare(Options([web, folder.Under("d")], [1, 1]));

        Assert.Equal(Samples.Tokenizer.Fingerprint, mixture.Tokenizer.Fingerprint);
        Assert.Equal(160, mixture.Mixture!.Sources[1].Training.Count);
        Assert.Null(mixture.TrainingDocuments);
        TokenDataset.CheckInputs(Options([web, folder.Under("d")], [1, 1]));

        // Too few tokens for a window are those of a source, which is named.
        Assert.StartsWith(
            $"The training text of '{folder.Under("d")}' has 160 tokens, but one window of context 160 needs 161;",
            Assert.Throws<InputException>(() => new BatchSampler(mixture, context: 160, sequencesPerStep: 1, seed: 0)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"The validation text of '{folder.Under("d")}' has 40 tokens,",
            Assert.Throws<InputException>(() => ValidationWindows.CountOf(mixture, context: 50)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Prefixes_of_whole_blocks_are_read_in_exact_shares_and_a_sampler_begun_anew_goes_on()
    {
        var (web, code) = Texts();
        using var data = TokenDataset.Prepare(Options([web, code], [0.75, 0.25]));
        var sampler = new BatchSampler(data, context: 8, sequencesPerStep: 4, seed: 3);
        var read = new List<(int Source, long Window)>();
        for (var step = 0; step < 300; step++)
        {
            read.AddRange(Enumerable.Range(0, 4).Select(i => sampler.WindowAt(step, i)));
            // A step is a block here.
            Assert.Equal(3 * (step + 1), read.Count(at => at.Source == 0));
        }

        // Within each source, no window is read once more before all others are as often.
        for (var source = 0; source < 2; source++)
        {
            var times = read.Where(at => at.Source == source).CountBy(at => at.Window).ToDictionary();
            Assert.Equal(sampler.WindowsPerEpoch(source), times.Count);
            Assert.InRange(times.Values.Max() - times.Values.Min(), 0, 1);
            Assert.Equal(sampler.SequencesOf(source, 300), times.Values.Sum());
        }

        var (whole, part) = (new long[32], new long[16]);
        sampler.Read(217, 0, 4, whole, new long[32]);
        new BatchSampler(data, 8, 4, seed: 3).Read(217, 2, 2, part, new long[16]);
        Assert.Equal(whole[16..], part);
    }

    [Fact]
    public void Wrong_inputs_of_a_mixture_are_named()
    {
        var (web, _) = Texts();
        Assert.Contains(
            "of those there are 2, of numbers 1",
            Assert.Throws<InputException>(() => TokenDataset.Prepare(Options([web, web], [1]))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "nowhere",
            Assert.Throws<InputException>(() => TokenDataset.CheckInputs(Options([web, folder.Under("nowhere")], [1, 1]))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "single document",
            Assert.Throws<InputException>(() => TokenDataset.Prepare(Options([web, Text("one", ["alone"])], [1, 1]))).Message,
            StringComparison.Ordinal
        );
    }

    private (string Web, string Code) Texts() =>
        (Text("web", Samples.Documents(60, seed: 1)), Text("code", Samples.Documents(30, seed: 2).Select(text => text.ToUpperInvariant())));

    private string Text(string name, IEnumerable<string> documents) =>
        folder.Write(
            $"{name}.jsonl",
            string.Concat(documents.Select(text => JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = text }) + "\n"))
        );

    private CorpusOptions Options(string[] paths, double[] weights) =>
        new()
        {
            TextPaths = paths,
            TextWeights = weights,
            Vocabulary = 700,
            ValidationFraction = 0.2,
            CacheDirectory = folder.Under("cache"),
        };

    private sealed class Reports(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
