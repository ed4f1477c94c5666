using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Experiments;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.Runs;

/// <summary>
/// A property of the options and its declaration are all that an option takes: flag, key, check, comparison on resume and documentation
/// come from them.
/// </summary>
public sealed class OptionDeclarationTests
{
    private static readonly TrainingOptions Some = TrainingText.Options();
    private static readonly FineTuningOptions Tuning = new() { Method = FineTuningMethod.LowRank, Rank = 4 };

    public static TheoryData<string> Training =>
        [.. Settable(typeof(TrainingOptions)).Where(name => name != nameof(TrainingOptions.FineTuning))];

    public static TheoryData<string> FineTuning => [.. Settable(typeof(FineTuningOptions))];

    [Theory]
    [MemberData(nameof(Training))]
    public void An_option_of_training_is_declared_once(string property)
    {
        var option = Assert.Single(DeclaredTrainingOptions.All, option => option.Property == property);
        AssertDeclared(option, Some, "train");
        Assert.Equal(option.IsOfExperiments, OptionKeys.OfContenders.Contains(option.Key));
        Assert.Equal(option.Key, OptionKeys.Of(property));
        Assert.Equal(!option.IsOfOneVariant, Flags("compare").Contains(FlagNames.Of(property)));
        Assert.Equal(!option.IsOfOneVariant, Flags("finetune").Contains(FlagNames.Of(property)));
    }

    [Theory]
    [MemberData(nameof(FineTuning))]
    public void An_option_of_fine_tuning_is_declared_once(string property)
    {
        var option = Assert.Single(DeclaredFineTuningOptions.All, option => option.Property == property);
        AssertDeclared(option, Tuning, "finetune");
        Assert.Equal($"fineTuning.{option.Key}", OptionKeys.Of(property));
    }

    [Fact]
    public void No_two_options_have_one_name()
    {
        string[] flags =
        [
            .. DeclaredTrainingOptions.All.Select(option => option.Flag),
            .. DeclaredFineTuningOptions.All.Select(option => option.Flag),
        ];
        string[] properties =
        [
            .. DeclaredTrainingOptions.All.Select(option => option.Property),
            .. DeclaredFineTuningOptions.All.Select(option => option.Property),
        ];
        Assert.Equal(flags.Distinct(), flags);
        Assert.Equal(properties.Distinct(), properties);
    }

    [Theory]
    [MemberData(nameof(Training))]
    public void A_value_out_of_range_is_refused_by_its_property_flag_and_key(string property)
    {
        var option = DeclaredTrainingOptions.Named(property);
        if (option.RangeWords is null)
            return;
        var wrong = option is WholeOption<TrainingOptions> whole ? (object)(whole.Least - 1) : -1.0;
        var refused = Assert.Throws<InputException>(() => TrainingOptionsCheck.Validate(option.With(Some, wrong), TrainingText.Small.Cost));
        Assert.Equal($"{property} must be {option.RangeWords}, not {wrong}.", refused.Message);
        Assert.StartsWith($"--{option.Flag} must", refused.Say(FlagNames.Of), StringComparison.Ordinal);
        Assert.StartsWith($"{option.Key} must", refused.Say(OptionKeys.Of), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Training))]
    public void A_resumed_run_may_change_an_option_or_is_told_which(string property)
    {
        var option = DeclaredTrainingOptions.Named(property);
        var was =
            option.Owners.Count == 0
                ? Some with
                {
                    Output = "run",
                }
                : Some with
                {
                    Output = "run",
                    Optimizer = OptimizerKinds.Parse(option.Owners[0]),
                };
        var now = option.With(was, Another(option, option.Get(was)));
        var info = new CheckpointInfo
        {
            Model = TrainingText.Small.FullName,
            Variant = Variant.Guided,
            Vocabulary = 512,
            Step = 1,
            Options = was,
            DataFingerprint = "text",
            Guides = [],
            Updates = new Dictionary<string, long>(),
            Totals = new RunTotals(),
            Files = [],
        };
        void Resume() => ResumeCheck.Validate(info, TrainingText.Small, Variant.Guided, "text", now);
        if (option.MayChangeOnResume)
        {
            Resume();
            return;
        }

        Assert.Contains($"--{option.Flag} was ", Assert.Throws<InputException>(Resume).Say(FlagNames.Of), StringComparison.Ordinal);
    }

    private static void AssertDeclared<T>(DeclaredOption<T> option, T options, string command)
    {
        Assert.Contains($"--{option.Flag}", Flags(command));
        Assert.EndsWith(".", option.Meaning.Format, StringComparison.Ordinal);
        // What is read and what is set are one property, which the name says.
        var value = Another(option, option.Get(options));
        var property = typeof(T).GetProperty(option.Property)!;
        var changed = option.With(options, value);
        Assert.Equal(value, option.Get(changed));
        Assert.NotEqual(property.GetValue(options), property.GetValue(changed));
    }

    // Another value that can be meant.
    private static object Another<T>(DeclaredOption<T> option, object? value) =>
        (option.Property, option) switch
        {
            (nameof(TrainingOptions.Optimizer), _) => value is "muon" ? "adamw" : "muon",
            (nameof(TrainingOptions.Sharding), _) => "optimizer",
            (nameof(FineTuningOptions.Method), _) => "full",
            (nameof(FineTuningOptions.Projections), _) => "query,up",
            (nameof(FineTuningOptions.Guide), _) => "sampled",
            (_, WholeOption<T>) => value is long whole ? whole + 1 : 3L,
            (_, RealOption<T>) => value is 0.75 ? 0.5 : 0.75,
            (_, SwitchOption<T>) => value is false,
            _ => "another",
        };

    private static HashSet<string> Flags(string command) =>
        [.. Commands.Subcommands.Single(candidate => candidate.Name == command).Options.Select(option => option.Name)];

    private static RootCommand Commands { get; } =
        LowRankApp.Commands(
            new AppSession(
                new AppConsole(TextWriter.Null, TextWriter.Null, TextReader.Null),
                new AppDefaults(),
                [],
                new StopSignals(TextWriter.Null, default)
            )
        );

    private static IEnumerable<string> Settable(Type options) =>
        options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
}
