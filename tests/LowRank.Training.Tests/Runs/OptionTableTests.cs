using System.Text;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.Tests.Runs;

/// <summary>The tables of options in the documentation are what is declared. <c>UPDATE_DOCS=1</c> writes them anew.</summary>
public sealed class OptionTableTests
{
    private static readonly TrainingOptions Defaults = new()
    {
        Steps = 1,
        SequencesPerStep = 1,
        SequencesPerMicroBatch = 1,
        Context = 1,
    };

    [Fact]
    public void The_table_of_training_is_what_is_declared() =>
        WrittenTable.AssertIn("training.md", Table(DeclaredTrainingOptions.All, Defaults, isTraining: true));

    [Fact]
    public void The_table_of_fine_tuning_is_what_is_declared() =>
        WrittenTable.AssertIn(
            "finetuning.md",
            Table(DeclaredFineTuningOptions.All, new FineTuningOptions { Method = FineTuningMethod.Full }, isTraining: false)
        );

    private static string Table<T>(IReadOnlyList<DeclaredOption<T>> all, T defaults, bool isTraining)
    {
        var text = new StringBuilder();
        text.Append("| flag | says | default | takes |").Append(isTraining ? " on resume | experiment |\n" : " experiment |\n");
        text.Append("|---|---|---|---|").Append(isTraining ? "---|---|\n" : "---|\n");
        foreach (var option in all)
        {
            var meaning = OptionSentence.Write(option.Meaning, property => $"`{FlagNames.Of(property)}`");
            text.Append($"| `--{option.Flag}` | {meaning} | {Default(option, defaults)} | {option.RangeWords} |");
            if (isTraining)
                text.Append(option.MayChangeOnResume ? " free |" : " as it was |");
            text.Append(option.IsOfExperiments ? $" `{option.Key}` |\n" : " |\n");
        }

        return text.ToString();
    }

    private static string? Default<T>(DeclaredOption<T> option, T defaults) =>
        option.Property is nameof(FineTuningOptions.Method) ? null : option.Default(defaults);
}
