using System.Globalization;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs.Options;

/// <summary>
/// All that is known of an option but its default, which the property has. Flags, keys, checks, the comparison on resume, help and the
/// tables of the documentation come from it.
/// </summary>
/// <typeparam name="T">The options that it is one of.</typeparam>
/// <param name="property">The property's name.</param>
/// <param name="flag">The flag of the command line, without its dashes.</param>
/// <param name="valueName">What stands for its value in the help; null where it takes none.</param>
/// <param name="meaning">What it says, a sentence.</param>
internal abstract class DeclaredOption<T>(string property, string flag, string? valueName, FormattableString meaning)
{
    /// <summary>The property's name.</summary>
    public string Property { get; } = property;

    /// <summary>How messages name it.</summary>
    public OptionName Name => new(Property);

    /// <summary>The key of an experiment's file.</summary>
    public string Key { get; } = char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary>The flag of the command line, without its dashes.</summary>
    public string Flag { get; } = flag;

    /// <summary>What stands for its value in the help; null where it takes none.</summary>
    public string? ValueName { get; } = valueName;

    /// <summary>What it says, a sentence without its default.</summary>
    public FormattableString Meaning { get; } = meaning;

    /// <summary>What holds where nothing is given and the property has no default of its own; null where it has one.</summary>
    public string? Without { get; init; }

    /// <summary>What holds instead where a trained model is trained on; null where that is the same.</summary>
    public string? WithoutInFineTuning { get; init; }

    /// <summary>The optimizers or methods that read it; empty where all do.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Whether a resumed run may have another value than it was started with.</summary>
    public bool MayChangeOnResume { get; init; }

    /// <summary>What the comparison on resume says for no value.</summary>
    public string NoValue { get; init; } = "the default";

    /// <summary>Whether a contender of an experiment may set it; the others the experiment sets itself, run by run.</summary>
    public bool IsOfExperiments { get; init; } = true;

    /// <summary>Whether it is about the beginning of one variant's training: neither comparisons nor fine-tuning have it.</summary>
    public bool IsOfOneVariant { get; init; }

    /// <summary>Which values it takes, in words; null where any.</summary>
    public abstract string? RangeWords { get; }

    /// <summary>The value, boxed: <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, a text, or null.</summary>
    public abstract object? Get(T options);

    /// <summary>The options with another value of the kind that <see cref="Get"/> returns.</summary>
    public abstract T With(T options, object value);

    /// <summary>Refuses a value out of range.</summary>
    /// <exception cref="InputException">It is.</exception>
    public abstract void Check(T options);

    /// <summary>What makes a value of a saved run impossible, such as <c>is 0, which is not from 1 to 8</c>; null for nothing.</summary>
    public abstract string? Damage(T options);

    /// <summary>The default, as help and documentation write it; null where there is none to show.</summary>
    /// <param name="defaults">Options of which nothing was given.</param>
    public string? Default(T defaults) =>
        Without
        ?? Get(defaults) switch
        {
            null or bool => null,
            double and > 0 and < 1e-3 and var small => small.ToString("0.###e0", CultureInfo.InvariantCulture),
            var value => FormattableString.Invariant($"{value}"),
        };

    /// <summary>Whether an owner reads it.</summary>
    public bool IsReadBy(string owner) => Owners.Count == 0 || Owners.Contains(owner);
}
