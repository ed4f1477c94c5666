using System.Text;
using System.Text.Json;
using LowRank.Training.Data;
using LowRank.Training.Documents;
using LowRank.Training.Tests.Tokenization;

namespace LowRank.Training.Tests.Data;

public sealed class TokenDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Splits_hold_every_distinct_document_once()
    {
        var documents = Samples.Documents(400, seed: 30);
        using var dataset = Prepare(Corpus("a.jsonl", [.. documents, .. documents.Take(50)]));

        var training = Documents(dataset, dataset.Training);
        var validation = Documents(dataset, dataset.Validation);

        Assert.Equal(documents.Order(StringComparer.Ordinal), training.Concat(validation).Order(StringComparer.Ordinal));
        Assert.InRange(validation.Length, 20, 65);
        Assert.Equal(training.Length, dataset.TrainingDocuments);
        Assert.Equal(validation.Length, dataset.ValidationDocuments);
        Assert.Equal(training.Sum(text => Encoding.UTF8.GetByteCount(text)), dataset.TrainingBytes);
        Assert.Equal(validation.Sum(text => Encoding.UTF8.GetByteCount(text)), dataset.ValidationBytes);
        Assert.Equal(400, dataset.Tokenizer.VocabularySize);
    }

    [Fact]
    public void More_documents_move_none_of_the_others()
    {
        var few = Corpus("few.jsonl", Samples.Documents(150, seed: 31));
        var more = Corpus("more.jsonl", Samples.Documents(150, seed: 32));
        using var before = Prepare(few);
        using var after = Prepare(more, few);

        Assert.Subset(Documents(after, after.Validation).ToHashSet(), Documents(before, before.Validation).ToHashSet());
        Assert.Subset(Documents(after, after.Training).ToHashSet(), Documents(before, before.Training).ToHashSet());
    }

    [Fact]
    public void The_vocabulary_is_learnt_from_the_training_split_alone()
    {
        var path = Corpus("a.jsonl", Samples.Documents(200, seed: 33));
        using var dataset = Prepare(path);

        Assert.Equal(Samples.Train(Documents(dataset, dataset.Training), 400).Fingerprint, dataset.Tokenizer.Fingerprint);
        Assert.NotEqual(Samples.Train(Samples.Documents(200, seed: 33), 400).Fingerprint, dataset.Tokenizer.Fingerprint);
    }

    [Fact]
    public void Two_caches_hold_the_same_bytes()
    {
        var path = Corpus("a.jsonl", Samples.Documents(200, seed: 34));
        using var first = TokenDataset.Prepare(Options(path) with { CacheDirectory = folder.Under("one") });
        using var second = TokenDataset.Prepare(Options(path) with { CacheDirectory = folder.Under("two") });

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(File.ReadAllBytes(first.TokenizerPath), File.ReadAllBytes(second.TokenizerPath));
        foreach (var file in (string[])["training.tokens", "validation.tokens"])
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(first.TokenizerPath)!, file)),
                File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(second.TokenizerPath)!, file))
            );
        }
    }

    [Fact]
    public void A_second_run_reads_the_cache_and_a_changed_input_does_not()
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 35));
        var options = new CorpusOptions
        {
            TextPaths = [path],
            Vocabulary = 300,
            CacheDirectory = folder.Under("cache"),
        };

        Assert.NotEmpty(Reports(options));
        Assert.Empty(Reports(options));
        Assert.NotEmpty(Reports(options with { Vocabulary = 310 }));
        Assert.NotEmpty(Reports(options with { ValidationFraction = 0.2 }));
        Assert.Empty(Reports(options));
        Corpus("a.jsonl", Samples.Documents(151, seed: 35));
        Assert.NotEmpty(Reports(options));
    }

    [Fact]
    public void A_file_that_was_replaced_at_equal_size_and_time_is_prepared_anew()
    {
        var documents = Samples.Documents(150, seed: 44);
        var path = Corpus("a.jsonl", documents);
        var time = File.GetLastWriteTimeUtc(path);
        var length = new FileInfo(path).Length;
        using var before = Prepare(path);

        Corpus("a.jsonl", documents.Select(document => document.Replace("the", "The", StringComparison.Ordinal)));
        File.SetLastWriteTimeUtc(path, time);
        using var after = Prepare(path);

        Assert.Equal(length, new FileInfo(path).Length);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
    }

    [Fact]
    public void A_complete_cache_is_read_without_writing_beside_it()
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 45));
        using var first = Prepare(path);
        var time = DateTime.UtcNow.AddDays(-1);
        Directory.SetLastWriteTimeUtc(folder.Under("cache"), time);

        using var second = Prepare(path);

        // A file that is made and removed again, as a probe or a lock is, changes the folder's time; where nothing can be written, it
        // fails.
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(time, Directory.GetLastWriteTimeUtc(folder.Under("cache")), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void What_a_folder_holds_that_is_no_text_is_said_from_the_cache_too()
    {
        Corpus("text/a.jsonl", Samples.Documents(150, seed: 46));
        folder.Write("text/b.tsv", "{}");
        var latin = folder.Write("text/c.txt", [.. "caf"u8, 0xE9]);
        CorpusOptions options = Options(folder.Under("text"));

        Assert.Contains("Passed over in folders of text: 1 .tsv, 1 not UTF-8", Reports(options));
        Assert.Equal(["Passed over in folders of text: 1 .tsv, 1 not UTF-8"], Reports(options));
        using var dataset = TokenDataset.Prepare(options);
        Assert.Equal([new SkippedText(folder.Under("text", "b.tsv"), ".tsv"), new SkippedText(latin, "not UTF-8")], dataset.Skipped);
    }

    [Fact]
    public void Broken_records_are_said_once_with_the_first_from_the_cache_too()
    {
        var good = string.Concat(Samples.Documents(150, seed: 47).Select(text => JsonSerializer.Serialize(new { text }) + "\n"));
        var path = folder.Write("text/a.jsonl", good + "{\"text\": 5}\n" + good[..40]);
        folder.Write("text/b.jsonl", good + "text\n");
        CorpusOptions options = Options(folder.Under("text"));
        var report =
            $"Passed over broken records: 3, of which the first: Line 151 of '{path}' has no string named \"text\"; there is \"text\".";

        Assert.Single(Reports(options), line => line == report);
        Assert.Equal([report], Reports(options));
    }

    [Fact]
    public void Another_column_of_the_text_is_another_text()
    {
        var lines = Samples
            .Documents(150, seed: 48)
            .Select(text => JsonSerializer.Serialize(new { text, content = "Content: " + text }) + "\n");
        CorpusOptions options = Options(folder.Write("a.jsonl", string.Concat(lines)));
        using var usual = TokenDataset.Prepare(options);
        using var other = TokenDataset.Prepare(options with { TextColumn = "content" });

        Assert.NotEqual(usual.Fingerprint, other.Fingerprint);
        Assert.Equal(usual.TrainingBytes + usual.ValidationBytes + (150 * "Content: ".Length), other.TrainingBytes + other.ValidationBytes);
        Assert.Equal("TextColumn is empty; name the column that holds the text, such as text.", Error(options with { TextColumn = "" }));
    }

    [Fact]
    public void Preparing_stops_at_once_also_while_it_looks_at_the_files()
    {
        var path = Corpus("a.jsonl", Samples.Documents(10, seed: 47));

        Assert.ThrowsAny<OperationCanceledException>(() =>
            TokenDataset.Prepare(Options(path), null, new CancellationToken(canceled: true))
        );
        Assert.False(Directory.Exists(folder.Under("cache")));
    }

    [Theory]
    [InlineData("training.tokens")]
    [InlineData("validation.tokens")]
    [InlineData("training.tokens.json")]
    [InlineData("tokenizer.json")]
    [InlineData("dataset.json")]
    public void A_cache_with_a_missing_cut_or_altered_file_is_built_again(string file)
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 36));
        string fingerprint;
        string damaged;
        using (TokenDataset dataset = Prepare(path))
        {
            fingerprint = dataset.Fingerprint;
            damaged = Path.Combine(Path.GetDirectoryName(dataset.TokenizerPath)!, file);
        }

        var whole = File.ReadAllBytes(damaged);
        foreach (var content in (byte[]?[])[null, [], whole[..(whole.Length / 2)], Altered(whole)])
        {
            File.Delete(damaged);
            if (content is not null)
                File.WriteAllBytes(damaged, content);

            using var again = Prepare(path);
            Assert.Equal(fingerprint, again.Fingerprint);
            Assert.Equal(whole, File.ReadAllBytes(damaged));
        }
    }

    [Fact]
    public void What_a_killed_run_leaves_is_not_believed_and_is_removed()
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 37));
        string finished;
        using (TokenDataset dataset = Prepare(path))
        {
            finished = Path.GetDirectoryName(dataset.TokenizerPath)!;
        }

        // As after a kill: everything but the last step, the renaming, was done.
        var killed = $"{finished}.0123.tmp";
        Directory.Move(finished, killed);

        // Other data's may be in the making while it is young.
        var young = Directory.CreateDirectory(folder.Under("cache", "other.0123.tmp")).FullName;
        var old = Directory.CreateDirectory(folder.Under("cache", "other.4567.tmp")).FullName;
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-1));

        var reports = new Collector();
        using var again = TokenDataset.Prepare(Options(path), reports);

        Assert.NotEmpty(reports.Lines);
        Assert.Equal(finished, Path.GetDirectoryName(again.TokenizerPath));
        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(young));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public void A_canceled_run_leaves_nothing_behind()
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 38));
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            TokenDataset.Prepare(Options(path), new Canceler(cancellation, "Encoding"), cancellation.Token)
        );

        Assert.All(
            Directory.EnumerateFileSystemEntries(folder.Under("cache")),
            entry => Assert.EndsWith(".lock", entry, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Concurrent_runs_build_once_and_agree()
    {
        var path = Corpus("a.jsonl", Samples.Documents(400, seed: 39));
        var reports = new Collector();
        var fingerprints = new string[4];

        Parallel.For(
            0,
            4,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i =>
            {
                using var dataset = TokenDataset.Prepare(Options(path), reports);
                fingerprints[i] = dataset.Fingerprint;
            }
        );

        Assert.Single(fingerprints.Distinct());
        Assert.Single(reports.Lines, line => line.StartsWith("Encoding", StringComparison.Ordinal));
    }

    [Fact]
    public void A_given_tokenizer_is_used_as_it_is()
    {
        var path = Corpus("a.jsonl", Samples.Documents(150, seed: 40));
        var tokenizer = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(tokenizer);

        using var dataset = TokenDataset.Prepare(Options(path) with { TokenizerPath = tokenizer, Vocabulary = 1000 });

        Assert.Equal(Samples.Tokenizer.Fingerprint, dataset.Tokenizer.Fingerprint);
        Assert.Equal(
            "The tokenizer '"
                + tokenizer
                + "' has 700 entries, but the model has a vocabulary of 699; declare the model with a vocabulary of at least 700.",
            Assert
                .ThrowsAny<InputException>(() => TokenDataset.Prepare(Options(path) with { TokenizerPath = tokenizer, Vocabulary = 699 }))
                .Message
        );
    }

    [Fact]
    public void One_text_file_is_enough_and_validation_is_never_empty()
    {
        for (var i = 0; i < 8; i++)
        {
            var path = folder.Write($"{i}.txt", string.Join("\n\n", Samples.Documents(35, seed: 50 + i)));
            using var dataset = Prepare(path);
            Assert.InRange(dataset.ValidationDocuments!.Value, 1, 2);
            Assert.InRange(dataset.TrainingDocuments!.Value, 1, 4);
        }
    }

    [Fact]
    public void Text_that_cannot_be_split_is_refused()
    {
        var empty = folder.Write("empty.txt", "\n\n");
        var single = folder.Write("single.txt", "One line.");

        Assert.Equal($"There is no text in {empty}; give files that hold some.", Error(Options(empty)));
        Assert.Equal(
            $"The text ({single}) is a single document of 9 bytes, and training and validation need one each; give more text.",
            Error(Options(single))
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_share_outside_0_to_1_is_refused(double fraction) =>
        Assert.Contains(
            "it must lie between 0 and 1",
            Error(new CorpusOptions { ValidationFraction = fraction }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_vocabulary_that_is_too_small_is_refused()
    {
        var path = Corpus("a.jsonl", Samples.Documents(50, seed: 41));

        Assert.StartsWith("A vocabulary of 0 is not possible", Error(Options(path) with { Vocabulary = 0 }));
        Assert.StartsWith("A byte-pair vocabulary of 100 is too small", Error(Options(path) with { Vocabulary = 100 }));
    }

    [Fact]
    public void A_cache_folder_that_cannot_be_written_is_named()
    {
        var path = Corpus("a.jsonl", Samples.Documents(50, seed: 42));
        var file = folder.Write("file", "in the way");

        Assert.StartsWith(
            $"The cache folder '{Path.Combine(file, "cache")}' cannot be written:",
            Error(Options(path) with { CacheDirectory = Path.Combine(file, "cache") })
        );
    }

    [Fact]
    public void The_unigram_entropy_is_that_of_the_counts()
    {
        var path = Corpus("a.jsonl", Samples.Documents(200, seed: 43));
        using var dataset = Prepare(path);
        var training = Tokens(dataset.Training);
        var validation = Tokens(dataset.Validation);

        var expected = validation.Average(token =>
            -Math.Log((training.Count(other => other == token) + 1.0) / (training.Length + dataset.Tokenizer.VocabularySize))
        );

        Assert.Equal(expected, dataset.UnigramEntropy!.Value, 1e-9);
        using var cached = Prepare(path);
        Assert.Equal(dataset.UnigramEntropy, cached.UnigramEntropy);
    }

    private static byte[] Altered(byte[] content)
    {
        byte[] altered = [.. content];
        altered[altered.Length / 2] ^= 1;
        return altered;
    }

    private static string[] Documents(TokenDataset dataset, TokenSequence shard)
    {
        var documents = new List<string>();
        var document = new List<int>();
        foreach (var token in Tokens(shard))
        {
            if (token != dataset.Tokenizer.EndOfText)
            {
                document.Add((int)token);
                continue;
            }

            documents.Add(Encoding.UTF8.GetString(dataset.Tokenizer.Decode(document)));
            document.Clear();
        }

        Assert.Empty(document);
        return [.. documents];
    }

    private static long[] Tokens(TokenSequence shard)
    {
        var tokens = new long[shard.Count];
        shard.Read(0, tokens);
        return tokens;
    }

    private static IReadOnlyList<string> Reports(CorpusOptions options)
    {
        var reports = new Collector();
        using var dataset = TokenDataset.Prepare(options, reports);
        return reports.Lines;
    }

    private static string Error(CorpusOptions options) => Assert.ThrowsAny<InputException>(() => TokenDataset.Prepare(options)).Message;

    private string Corpus(string name, IEnumerable<string> documents) =>
        folder.Write(
            name,
            string.Join('\n', documents.Select(document => System.Text.Json.JsonSerializer.Serialize(new { text = document })))
        );

    private CorpusOptions Options(params string[] paths) =>
        new()
        {
            TextPaths = paths,
            Vocabulary = 400,
            ValidationFraction = 0.1,
            CacheDirectory = folder.Under("cache"),
        };

    private TokenDataset Prepare(params string[] paths) => TokenDataset.Prepare(Options(paths));

    private sealed class Collector : IProgress<string>
    {
        private readonly Lock gate = new();
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines => lines;

        public void Report(string value)
        {
            lock (gate)
            {
                lines.Add(value);
            }
        }
    }

    private sealed class Canceler(CancellationTokenSource source, string activity) : IProgress<string>
    {
        public void Report(string value)
        {
            if (value.StartsWith(activity, StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
