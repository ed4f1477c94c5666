using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Tests.Loop;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Evaluation;

/// <summary>Tasks held against log-probabilities that are computed from plain logits, one text at a time.</summary>
public sealed class TaskEvaluatorTests(TrainingText text) : IDisposable
{
    private static readonly string[] Words = ["The layer", "computes", "its output", "größer", "a", "tensor of weights", "no", "x => y"];

    private readonly SmallTransformer model = Model();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Choices_are_scored_by_their_log_probabilities_and_by_these_over_their_lengths()
    {
        var random = new Random(5);
        var questions = Enumerable
            .Range(0, 40)
            .Select(_ =>
                (
                    Context: string.Join(' ', Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Words[random.Next(Words.Length)]))
                        + (random.Next(3) == 0 ? " " : ""),
                    Choices: Words.OrderBy(_ => random.Next()).Take(2 + random.Next(3)).ToArray()
                )
            )
            .Select(question => (question.Context, question.Choices, Answer: random.Next(question.Choices.Length)))
            .ToList();
        var path = Write(
            questions.Select(question => new JsonObject
            {
                ["context"] = question.Context,
                ["choices"] = new JsonArray([.. question.Choices.Select(choice => (JsonNode?)choice)]),
                ["answer"] = question.Answer,
            })
        );
        var result = TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path);
        double[][] right =
        [
            .. questions.Select(question =>
            {
                double[] logs =
                [
                    .. question.Choices.Select(choice =>
                        LogProbability(question.Context, question.Context.EndsWith(' ') ? choice : " " + choice).Sum
                    ),
                ];
                return new[] { 1.0, 0, 0 }
                    .Select(
                        (_, measure) =>
                            logs.Select(
                                    (log, index) =>
                                        log
                                        / (
                                            measure == 0 ? 1
                                            : measure == 1 ? new StringInfo(question.Choices[index]).LengthInTextElements
                                            : Encoding.UTF8.GetByteCount(question.Choices[index])
                                        )
                                )
                                .ToList()
                    )
                    .Select(scores => scores.IndexOf(scores.Max()) == question.Answer ? 1.0 : 0)
                    .ToArray();
            }),
        ];
        AssertIs(right.Select(one => one[0]), result.Accuracy);
        AssertIs(right.Select(one => one[1]), result.NormalizedAccuracy!);
        AssertIs(right.Select(one => one[2]), result.ByteNormalizedAccuracy!);
        Assert.Equal((40, TaskForm.MultipleChoice, 0), (result.Questions, result.Form, result.Cut));
        Assert.Null(result.Perplexity);
        Assert.InRange(result.Accuracy.Value, 0.1, 0.9);
        // The same every time, and by the length it differs.
        Assert.Equal(result, TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path));
        Assert.Equal(7, TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path, new TaskOptions { Limit = 7 }).Questions);
    }

    [Fact]
    public void A_cloze_is_right_where_the_model_writes_its_target_by_itself()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Some targets are what the model would write, token by token.
        var questions = Words.Select(context => (context, Target: "tensor")).ToList();
        var tokenizer = text.Data.Tokenizer;
        foreach (var context in Words)
        {
            var ids = tokenizer.Encode(context).Select(id => (long)id).ToArray();
            using var logits = model.forward(tensor(ids).view(1, -1));
            var next = (int)logits[0, -1].argmax().item<long>();
            var target = Encoding.UTF8.GetString(tokenizer.Decode([next]));
            if (target.Length > 0 && tokenizer.Encode(context + target).SequenceEqual([.. tokenizer.Encode(context), next]))
                questions.Add((context, target));
        }

        var path = Write(questions.Select(question => new JsonObject { ["context"] = question.context, ["target"] = question.Target }));
        var result = TaskEvaluator.Evaluate(model, tokenizer, path);
        var expected = questions
            .Select(question =>
                LogProbability(question.context, char.IsWhiteSpace(question.Target[0]) ? question.Target : " " + question.Target)
            )
            .ToList();
        AssertIs(expected.Select(one => one.IsGreedy ? 1.0 : 0), result.Accuracy);
        Assert.Equal(Math.Exp(-expected.Average(one => one.Sum)), result.Perplexity!.Value, 1e-3 * result.Perplexity.Value);
        Assert.Null(result.NormalizedAccuracy);
        Assert.True(result.Accuracy.Value < 1);
    }

    [Fact]
    public void Contexts_longer_than_the_model_lose_their_beginning_and_are_counted()
    {
        var context = string.Concat(Enumerable.Repeat("The layer computes its output. ", 30));
        var path = Write([
            new JsonObject { ["context"] = context, ["target"] = "weights" },
            new JsonObject { ["context"] = "The", ["target"] = "weights" },
        ]);
        var result = TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path, new TaskOptions { Context = 20 });
        Assert.Equal(1, result.Cut);
        var (one, two) = (LogProbability(context, "weights", 20), LogProbability("The", " weights"));
        Assert.Equal(Math.Exp(-(one.Sum + two.Sum) / 2), result.Perplexity!.Value, 1e-3 * result.Perplexity.Value);

        var tooLong = Write([new JsonObject { ["context"] = "The", ["target"] = context }]);
        var refused = Assert.Throws<InputException>(() => TaskEvaluator.Evaluate(model, text.Data.Tokenizer, tooLong)).Message;
        Assert.Contains($"{tooLong}, line 1: a continuation of ", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Shots_are_the_first_answered_questions_of_another_file()
    {
        var examples = Write(
            [
                new JsonObject
                {
                    ["context"] = "1 +",
                    ["choices"] = new JsonArray("2", "3"),
                    ["answer"] = 1,
                },
                new JsonObject
                {
                    ["context"] = "2 +",
                    ["choices"] = new JsonArray("2", "3"),
                    ["answer"] = 0,
                },
                new JsonObject
                {
                    ["context"] = "unused",
                    ["choices"] = new JsonArray("2", "3"),
                    ["answer"] = 0,
                },
            ],
            "examples.jsonl"
        );
        var questions = Words.Select(word => (word, Choices: new[] { "a", "output", "layer" }, Answer: word.Length % 3)).ToList();
        var path = Write(questions.Select(question => Question(question.word, question.Choices, question.Answer)));
        var written = Write(
            questions.Select(question => Question("1 + 3\n\n2 + 2\n\n" + question.word, question.Choices, question.Answer)),
            "written.jsonl"
        );
        var options = new TaskOptions { Shots = 2, ShotsPath = examples };
        var result = TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path, options);
        Assert.Equal(TaskEvaluator.Evaluate(model, text.Data.Tokenizer, written), result with { Path = written });
        Assert.Throws<InputException>(() => TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path, options with { Shots = 4 }));
        Assert.Throws<InputException>(() => TaskEvaluator.Evaluate(model, text.Data.Tokenizer, path, options with { ShotsPath = null }));
        Assert.Throws<InputException>(() => TaskEvaluator.Evaluate(model, text.Data.Tokenizer, Write([], "empty.jsonl")));

        static JsonObject Question(string context, string[] choices, int answer) =>
            new()
            {
                ["context"] = context,
                ["choices"] = new JsonArray([.. choices.Select(choice => (JsonNode?)choice)]),
                ["answer"] = answer,
            };
    }

    [Fact]
    public void A_single_question_has_no_standard_error_and_several_that_of_their_sample()
    {
        Assert.Equal(new TaskMetric(1, null), TaskMetric.Of([1]));
        var metric = TaskMetric.Of([1, 0, 1, 1]);
        Assert.Equal(0.75, metric.Value);
        // Squares 3·(1/4)² + (3/4)² = 3/4, over 3, over 4.
        Assert.Equal(Math.Sqrt(0.75 / 3 / 4), metric.StandardError!.Value, 12);
    }

    private static void AssertIs(IEnumerable<double> values, TaskMetric metric)
    {
        double[] all = [.. values];
        var mean = all.Average();
        Assert.Equal(mean, metric.Value, 12);
        Assert.Equal(
            Math.Sqrt(all.Sum(value => Math.Pow(value - mean, 2)) / (all.Length - 1)) / Math.Sqrt(all.Length),
            metric.StandardError!.Value,
            12
        );
    }

    // The whole text minus the context, its white space moved, as the harness has it.
    private (double Sum, bool IsGreedy) LogProbability(string context, string continuation, int most = int.MaxValue)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tokenizer = text.Data.Tokenizer;
        var spaces = context.Length - context.TrimEnd().Length;
        (context, continuation) = (context[..^spaces], context[^spaces..] + continuation);
        var ids = tokenizer.Encode(context + continuation).Select(id => (long)id).ToArray();
        var count = ids.Length - tokenizer.Encode(context).Count;
        if (most < ids.Length - 1)
            ids = ids[^(most + 1)..];
        var logs = nn.functional.log_softmax(model.forward(tensor(ids[..^1]).view(1, -1))[0], 1);
        var (sum, isGreedy) = (0.0, true);
        for (var index = ids.Length - count; index < ids.Length; index++)
        {
            sum += logs[index - 1, ids[index]].item<double>();
            isGreedy &= logs[index - 1].argmax().item<long>() == ids[index];
        }

        return (sum, isGreedy);
    }

    private string Write(IEnumerable<JsonObject> records, string name = "task.jsonl")
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllLines(path, records.Select(record => record.ToJsonString()));
        return path;
    }

    private static SmallTransformer Model()
    {
        var model = new SmallTransformer(new ModelOptions { DataType = ScalarType.Float64, Guided = false });
        using var noGradient = no_grad();
        foreach (var parameter in model.parameters())
            parameter.mul_(3);
        return model;
    }
}
