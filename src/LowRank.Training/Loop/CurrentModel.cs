using LowRank.Models;
using LowRank.Training.Distributed;
using LowRank.Training.FineTuning;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using LowRank.Training.Weights;

namespace LowRank.Training.Loop;

/// <summary>
/// The model that a run trains now, with its flat parameters and its optimizer; factors can become dense layers on the way.
/// </summary>
internal sealed class CurrentModel : IDisposable
{
    private readonly ModelEntry entry;
    private readonly TrainingOptions options;
    private readonly ProcessGroup? group;

    /// <summary>Takes a model over.</summary>
    /// <param name="entry">Its declaration.</param>
    /// <param name="variant">What it is a variant of.</param>
    /// <param name="model">The model; disposed with this.</param>
    /// <param name="changes">What was changed about its layers, or null.</param>
    /// <param name="options">The run.</param>
    /// <param name="group">The processes that train it together; null for one alone.</param>
    public CurrentModel(
        ModelEntry entry,
        Variant variant,
        LanguageModel model,
        ModelChanges? changes,
        TrainingOptions options,
        ProcessGroup? group = null
    )
    {
        (this.entry, this.options, this.group, Variant, Model, Changes) = (entry, options, group, variant, model, changes);
        Parameters = Flatten(model);
        Optimizer = Optimizers.Create(Parameters, options);
    }

    /// <summary>The variant.</summary>
    public Variant Variant { get; private set; }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; private set; }

    /// <summary>What was changed about its layers since it was declared; null for nothing.</summary>
    public ModelChanges? Changes { get; private set; }

    /// <summary>Its parameters.</summary>
    public FlatParameters Parameters { get; private set; }

    /// <summary>Its optimizer.</summary>
    public Optimizer Optimizer { get; private set; }

    /// <summary>Number of the model's parameters, guides included.</summary>
    public long CountParameters() => Model.parameters().Sum(parameter => parameter.NumberOfElements);

    /// <summary>Merges the factors into dense layers, which compute the same up to rounding. The optimizer begins anew.</summary>
    /// <returns>How many parameters the model has more than before.</returns>
    public long BecomeDense()
    {
        var before = CountParameters();
        var dense = Variants.Create(entry, Variant.Dense, Model.Options with { Initialize = false });
        WeightTransfer.Merge(Model, dense);
        Dispose();
        (Variant, Model, Parameters) = (Variant.Dense, dense, Flatten(dense));
        Optimizer = Optimizers.Create(Parameters, options);
        Changes = null; // What was changed about the factored layers is merged with them.
        return CountParameters() - before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Model.Dispose();
    }

    private FlatParameters Flatten(LanguageModel model)
    {
        var parameters = new FlatParameters(
            model,
            group?.Collectives,
            options.Sharding,
            kind => Optimizers.KeepsWhole(options.Optimizer, kind)
        );
        parameters.KeepCopies(model.Options.EffectiveComputeType);
        MemoryWatch.ReturnUnusedMemory(); // The parameters as they were one by one.
        return parameters;
    }
}
