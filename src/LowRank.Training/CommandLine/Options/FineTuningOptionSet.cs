using System.CommandLine;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say how a trained model is changed. One that another method has is refused.</summary>
internal sealed class FineTuningOptionSet
{
    private static readonly FineTuningOptions Defaults = new() { Method = FineTuningMethod.Full };

    private readonly BoundOption<FineTuningOptions> method = Bind(nameof(FineTuningOptions.Method), defaults: null);
    private readonly BoundOption<FineTuningOptions>[] others =
    [
        .. DeclaredFineTuningOptions
            .All.Where(option => option.Property != nameof(FineTuningOptions.Method))
            .Select(option => Bind(option.Property, Defaults)),
    ];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        method.Option.Required = true;
        command.Options.Add(method.Option);
        foreach (var bound in others)
            command.Options.Add(bound.Option);
    }

    /// <summary>What they say.</summary>
    /// <exception cref="InputException">An option is wrong, or another method's.</exception>
    public FineTuningOptions Read(ParseResult arguments)
    {
        var options = method.Apply(arguments, Defaults);
        foreach (var bound in others.Where(bound => arguments.Has(bound.Option)))
            DeclaredFineTuningOptions.RefuseOfOthers(bound.Declared, options.Method);
        options = options with
        {
            Rank = options.Method == FineTuningMethod.Lora ? 8 : null,
            Projections =
                options.Method == FineTuningMethod.LowRank ? Projections.Gate | Projections.Up | Projections.Down : Projections.All,
        };
        options = others.Aggregate(options, (current, bound) => bound.Apply(arguments, current));
        foreach (var bound in others.Where(bound => arguments.Has(bound.Option)))
            DeclaredFineTuningOptions.RefusePhaseOutWithoutGuide(bound.Declared, options.Guide);
        options.Check();
        return options;
    }

    private static BoundOption<FineTuningOptions> Bind(string property, FineTuningOptions? defaults) =>
        new(DeclaredFineTuningOptions.All.Single(option => option.Property == property), defaults);
}
