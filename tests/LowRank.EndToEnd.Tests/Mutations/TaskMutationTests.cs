using System.Text;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>
/// Damaged files of tasks are refused in a sentence that names the file, or evaluated. <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and
/// <c>FUZZ_CASE</c> run more and others, as for commands.
/// </summary>
public sealed class TaskMutationTests : IDisposable
{
    private const int CasesInEveryRun = 300;

    private static readonly string[] Records =
    [
        """{"activity_label": "Ice", "ctx_a": "A man", "ctx_b": "he", "ctx": "A man he", "endings": ["runs", "is [title] up"], "label": "1"}""",
        """{"question": "Why?", "choices": {"text": ["x", "yy"], "label": ["A", "B"]}, "answerKey": "B"}""",
        """{"goal": "Open it", "sol1": "pull", "sol2": "push", "label": 1}""",
        """{"sentence": "Ann met Eva since _ was late.", "option1": "Ann", "option2": "Eva", "answer": "2"}""",
        """{"passage": "It is.", "question": "is it", "answer": true}""",
        """{"text": "He said hello there"}""",
        """{"context": "It is", "choices": ["a", "b", "c"], "answer": 0}""",
        """{"context": "2 + 2 =", "target": "4"}""",
    ];

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_damaged_task_is_refused_with_its_place_or_evaluated()
    {
        var options = MutationOptions.FromEnvironment(CasesInEveryRun);
        var tokenizer = Tokenizer.FromMerges([]);
        using var model = Variants.Create(ModelCatalog.Find("TinyLlama").Single(), Variant.Dense, new ModelOptions { Seed = 3 });
        var path = folder.Under("task.jsonl");
        var (evaluated, refused) = (0, 0);
        foreach (var number in options.Numbers)
        {
            var dice = new Dice(options.Seed, number);
            var record = dice.Of(Records);
            var lines = Enumerable.Repeat(record, 3).ToArray();
            var which = dice.Below(3);
            byte[] damaged;
            if (dice.OneIn(4))
                damaged = ByteMutations.Apply(Encoding.UTF8.GetBytes(string.Join('\n', lines)), dice);
            else
            {
                lines[which] = Encoding.UTF8.GetString(JsonMutations.Apply(Encoding.UTF8.GetBytes(record), dice));
                damaged = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            }

            File.WriteAllBytes(path, damaged);
            try
            {
                var result = TaskEvaluator.Evaluate(model, tokenizer, path);
                evaluated++;
                Assert.InRange(result.Accuracy.Value, 0, 1);
                Assert.True(result.Questions > 0);
            }
            catch (InputException exception)
            {
                refused++;
                Assert.True(exception.Message.Contains(path, StringComparison.Ordinal), $"{options.Replay(number)}: {exception.Message}");
                Assert.True(exception.Message.Length < 1_000, $"{options.Replay(number)}: {exception.Message}");
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{options.Replay(number)}\n{Encoding.UTF8.GetString(damaged)}\n{exception}");
            }
        }

        Assert.True(options.Only is not null || (evaluated > 0 && refused > 0), $"{evaluated} evaluated, {refused} refused");
    }
}
