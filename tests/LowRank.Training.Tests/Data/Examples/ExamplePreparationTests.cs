using LowRank.Training.Data;
using LowRank.Training.Data.Examples;
using LowRank.Training.Evaluation;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Data.Examples;

public sealed class ExamplePreparationTests(TrainingText text) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Both_splits_together_hold_every_example_whole_and_what_counts_in_it()
    {
        var examples = ListedExamples.Draw(300, 512, longest: 40, seed: 1);
        using var data = Prepare(examples, fraction: 0.2);
        const int Context = 64;
        var read = Examples(data.Examples!.Training.Packed(Context)).Concat(Examples(data.Examples.Validation.Packed(Context)));
        Assert.Equal(examples.Select(Written).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        Assert.InRange(data.ValidationDocuments!.Value, 30, 100);
        Assert.Equal(300, data.TrainingDocuments + data.ValidationDocuments);
        Assert.Equal(examples.Sum(example => example.Ids.Count), data.Training.Count + data.Validation.Count);
        Assert.Equal(
            examples.Sum(example => example.Counts.Skip(1).Count(counts => counts)),
            data.Examples.Training.Counted + data.Examples.Validation.Counted
        );
    }

    [Fact]
    public void Rows_say_how_many_targets_count_and_where_documents_begin()
    {
        using var data = Prepare(ListedExamples.Draw(200, 512, longest: 30, seed: 2));
        var rows = data.Examples!.Training.Packed(50);
        var (inputs, targets) = (new long[50], new long[50]);
        long filled = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            rows.Read(row, inputs, targets);
            Assert.Equal(targets.Count(target => target != NextTokenLoss.Ignored), rows.CountedOf(row));
            Assert.True(rows.CountedOf(row) > 0);
            var starts = rows.StartsOf(row);
            Assert.Equal(0, starts[0]);
            // No target of a document's end is the beginning of the next.
            var padding = Array.FindLastIndex(targets, target => target != NextTokenLoss.Ignored) + 1;
            filled += padding;
            Assert.All(inputs[padding..], input => Assert.Equal(data.Tokenizer.EndOfText, input));
            Assert.Equal(padding < 50, starts[^1] == padding);
        }

        Assert.Equal(filled, rows.Filled);
        Assert.False(rows.CountsAll);
        Assert.Null(rows.Note());
        // Best fit leaves little.
        Assert.InRange((double)rows.Filled / (rows.Count * 50), 0.9, 1);
    }

    [Fact]
    public void Examples_longer_than_the_context_are_cut_and_those_without_anything_to_learn_within_it_left_out()
    {
        TokenizedExample Example(int length, int from, int id) =>
            new([.. Enumerable.Repeat(id, length)], [.. Enumerable.Range(0, length).Select(token => token >= from)]);
        using var data = Prepare(
            [.. Enumerable.Range(0, 20).SelectMany(id => new[] { Example(9, 4, id), Example(30, 4, id), Example(30, 20, id) })],
            fraction: 0.1
        );
        var rows = data.Examples!.Training.Packed(8);
        var count = data.TrainingDocuments!.Value;
        Assert.Equal(count - rows.Lost, rows.Count);
        Assert.InRange(rows.Lost, 1, 20);
        Assert.InRange(rows.Cut, 1, 20);
        Assert.Equal(
            $"Of {count} examples {rows.Cut} are longer than the context of 8 tokens and cut at its end, and {rows.Lost} are left out, since none of their first 8 tokens counts in the loss.",
            rows.Note()
        );
        var refused = Assert.Throws<InputException>(() => data.Examples.Training.Packed(3));
        Assert.Contains("None of the", refused.Message, StringComparison.Ordinal);
        Assert.Contains("within 3 tokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_found_again_and_made_anew_where_a_file_was_changed()
    {
        var source = new ListedExamples("same", ListedExamples.Draw(50, 512, 20, seed: 3));
        string fingerprint;
        using (var data = Prepare(source))
            fingerprint = data.Fingerprint;
        using (var data = Prepare(source))
            Assert.Equal(fingerprint, data.Fingerprint);
        Assert.Equal(1, source.Readings);
        var cached = Assert.Single(Directory.GetDirectories(folder.Path));
        foreach (var file in new[] { "training.tokens", "training.tokens.ends", "validation.tokens.counts", "examples.json" })
        {
            var path = Path.Combine(cached, file);
            var bytes = File.ReadAllBytes(path);
            bytes[0] ^= 1;
            File.WriteAllBytes(path, bytes);
            var before = source.Readings;
            using var data = Prepare(source);
            Assert.Equal((before + 1, fingerprint), (source.Readings, data.Fingerprint));
        }
    }

    [Fact]
    public void Other_marks_are_other_data()
    {
        var examples = ListedExamples.Draw(50, 512, 20, seed: 4);
        var other = examples.Select((example, i) => i == 7 ? example with { Counts = [.. example.Counts.Select(_ => true)] } : example);
        using var one = Prepare(examples, identity: "one");
        using var two = Prepare([.. other], identity: "two");
        Assert.NotEqual(one.Fingerprint, two.Fingerprint);
    }

    [Fact]
    public void Examples_of_which_nothing_counts_are_passed_over_and_said()
    {
        var said = new List<string>();
        var examples = ListedExamples.Draw(30, 512, 20, seed: 5).ToList();
        examples.Add(new([1, 2, 3], [true, false, false]));
        examples.Add(new([1], [true]));
        examples.Add(new([], []));
        using var data = Prepare(new ListedExamples("some", examples), progress: new Listener(said));
        Assert.Contains("Passed over examples of which no token counts in the loss: 3", said);
        Assert.Equal(30, data.TrainingDocuments + data.ValidationDocuments);
    }

    [Fact]
    public void What_is_no_example_is_refused_by_its_number()
    {
        TokenizedExample fine = new([1, 2], [false, true]);
        Assert.Contains("There is no example in listed examples", Refusal(), StringComparison.Ordinal);
        Assert.Contains("None of the 1 examples", Refusal(new TokenizedExample([1, 2], [true, false])), StringComparison.Ordinal);
        Assert.Contains("are a single one", Refusal(fine, fine), StringComparison.Ordinal);
        Assert.Contains(
            "Token 1 of example 2 of listed examples is 512",
            Refusal(fine, new([1, 512], [true, true])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Token 0 of example 1 of listed examples is -1",
            Refusal(new TokenizedExample([-1, 5], [true, true])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Example 2 of listed examples has 2 tokens and says of 1",
            Refusal(fine, new([1, 2], [true])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "validation share of 1",
            Assert.Throws<InputException>(() => Prepare([fine], fraction: 1)).Message,
            StringComparison.Ordinal
        );
        // Nothing is left behind.
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        string Refusal(params TokenizedExample[] examples) => Assert.Throws<InputException>(() => Prepare(examples)).Message;
    }

    [Fact]
    public void Documents_begin_behind_end_of_text_tokens()
    {
        Assert.Equal([0, 3, 4], DocumentStarts.Behind([5, 6, 9, 9, 7, 8], 9));
        Assert.Equal([0, 1], DocumentStarts.Behind([9, 6, 9], 9));
        Assert.Equal([0], DocumentStarts.Behind([9], 9));
    }

    private TokenDataset Prepare(IReadOnlyList<TokenizedExample> examples, double fraction = 0.1, string identity = "listed") =>
        Prepare(new ListedExamples(identity, examples), fraction);

    private TokenDataset Prepare(IExampleSource source, double fraction = 0.1, IProgress<string>? progress = null) =>
        TokenDataset.PrepareExamples(
            source,
            text.Data.Tokenizer,
            new ExampleOptions { ValidationFraction = fraction, CacheDirectory = folder.Path },
            progress
        );

    // Every example of packed rows, as its ids with a mark at those that count.
    private static IEnumerable<string> Examples(PackedExamples rows)
    {
        var (inputs, targets) = (new long[rows.Context], new long[rows.Context]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows.Read(row, inputs, targets);
            var starts = rows.StartsOf(row);
            for (var index = 0; index < starts.Count; index++)
            {
                var end = index + 1 < starts.Count ? starts[index + 1] : rows.Context;
                if (targets[starts[index]..end].All(target => target == NextTokenLoss.Ignored))
                    continue; // Padding.
                // The last token is a target alone, and counts.
                var ids = inputs[starts[index]..end].Append(targets[end - 1]);
                var marks = targets[starts[index]..end].Select(target => target != NextTokenLoss.Ignored).Prepend(false);
                yield return string.Join(' ', ids.Zip(marks).Select(pair => $"{pair.First}{(pair.Second ? "!" : "")}"));
            }
        }
    }

    private static string Written(TokenizedExample example) =>
        string.Join(' ', example.Ids.Select((id, token) => $"{id}{(token > 0 && example.Counts[token] ? "!" : "")}"));

    private sealed class Listener(List<string> said) : IProgress<string>
    {
        public void Report(string value) => said.Add(value);
    }
}
