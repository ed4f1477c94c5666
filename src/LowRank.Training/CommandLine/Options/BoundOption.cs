using System.CommandLine;
using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Options;

/// <summary>A declared option as one of the command line.</summary>
/// <typeparam name="T">The options that it is one of.</typeparam>
/// <param name="declared">The option.</param>
/// <param name="defaults">Options of which nothing was given, whose value the help shows; null to show none.</param>
/// <param name="isFineTuning">Whether a trained model is trained on, which has other defaults.</param>
internal sealed class BoundOption<T>(DeclaredOption<T> declared, T? defaults, bool isFineTuning = false)
    where T : class
{
    /// <summary>The declaration.</summary>
    public DeclaredOption<T> Declared { get; } = declared;

    /// <summary>The option.</summary>
    public Option Option { get; } = Create(declared, Describe(declared, defaults, isFineTuning));

    /// <summary>The options with what a command line gives; as they are where it gives nothing.</summary>
    public T Apply(ParseResult arguments, T options)
    {
        if (!arguments.Has(Option))
            return options;
        object? value = Option switch
        {
            Option<long?> whole => arguments.GetValue(whole),
            Option<double?> real => arguments.GetValue(real),
            Option<bool> flag => arguments.GetValue(flag),
            Option<string?> text => arguments.GetValue(text),
            _ => null,
        };
        return value is null ? options : Declared.With(options, value);
    }

    private static string Describe(DeclaredOption<T> declared, T? defaults, bool isFineTuning)
    {
        var meaning = OptionSentence.Write(declared.Meaning, FlagNames.Of);
        if (isFineTuning && declared.WithoutInFineTuning is { } other)
            return $"{meaning} Without it: {other}.";
        return defaults is null || declared.Default(defaults) is not { } value ? meaning
            : declared.Without is not null ? $"{meaning} Without it: {value}."
            : $"{meaning.TrimEnd('.')} ({value}).";
    }

    private static Option Create(DeclaredOption<T> declared, string description)
    {
        var name = FlagNames.Of(declared.Property);
        return declared switch
        {
            WholeOption<T> whole => NumberOption.Whole(name, description, whole.Least, whole.Most),
            RealOption<T> real => NumberOption.Real(name, description, real.Range.Holds, Words(real.RangeWords)),
            SwitchOption<T> => new Option<bool>(name) { Description = description },
            _ => new Option<string?>(name) { Description = description, HelpName = declared.ValueName },
        };
    }

    // "takes a number of at least 0".
    private static string Words(string range) => range.StartsWith("at least", StringComparison.Ordinal) ? $"of {range}" : range;
}
