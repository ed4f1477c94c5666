using LowRank.Layers;
using LowRank.Training.Checkpoints;
using LowRank.Training.Optimization;

namespace LowRank.Training;

/// <summary>The model that a run trains now, with its flat parameters and its optimiser; factors can become dense layers on the way.</summary>
internal sealed class CurrentModel : IDisposable
{
    private readonly ModelEntry entry;
    private readonly TrainingOptions options;

    /// <summary>Takes a model over.</summary>
    /// <param name="entry">Its declaration.</param>
    /// <param name="variant">What it is a variant of.</param>
    /// <param name="model">The model; disposed with this.</param>
    /// <param name="options">The run.</param>
    public CurrentModel(ModelEntry entry, Variant variant, LanguageModel model, TrainingOptions options)
    {
        (this.entry, this.options, Variant, Model) = (entry, options, variant, model);
        Parameters = new FlatParameters(model);
        MemoryWatch.ReturnUnusedMemory(); // The parameters as they were one by one.
        Optimizer = Optimizers.Create(Parameters, options);
    }

    /// <summary>The variant.</summary>
    public Variant Variant { get; private set; }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; private set; }

    /// <summary>Its parameters.</summary>
    public FlatParameters Parameters { get; private set; }

    /// <summary>Its optimiser.</summary>
    public Optimizer Optimizer { get; private set; }

    /// <summary>Merges the factors into dense layers, which compute the same up to rounding. The optimiser begins anew.</summary>
    public void BecomeDense()
    {
        var dense = Variants.Create(entry, Variant.Dense, Model.Options with { Initialize = false });
        WeightTransfer.Merge(Model, dense);
        Dispose();
        (Variant, Model, Parameters) = (Variant.Dense, dense, new FlatParameters(dense));
        MemoryWatch.ReturnUnusedMemory();
        Optimizer = Optimizers.Create(Parameters, options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Model.Dispose();
    }
}
