using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.Runs;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained;

/// <summary>A declared model with the weights of a Hugging Face checkpoint.</summary>
public sealed class PretrainedModel : IDisposable
{
    private PretrainedModel(
        LanguageModel model,
        Architecture architecture,
        int tensors,
        IReadOnlyList<FactoredWeight> factored,
        IReadOnlyList<string> notes
    )
    {
        Model = model;
        Architecture = architecture;
        Tensors = tensors;
        Factored = factored;
        Notes = notes;
    }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>The checkpoint's architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>Number of tensors that were read.</summary>
    public int Tensors { get; }

    /// <summary>
    /// The weights that became factors, and what that lost. Factors of the model's own rank that the checkpoint held are not among them.
    /// </summary>
    public IReadOnlyList<FactoredWeight> Factored { get; }

    /// <summary>What differs between declaration and checkpoint without any harm, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// Builds a variant of a declared model and loads a checkpoint into it. Everything is compared before anything is read, and a model is
    /// returned whole or not at all.
    /// </summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">The variant; dense layers take their weights over exactly.</param>
    /// <param name="folder">The checkpoint: <c>config.json</c> and <c>model.safetensors</c>, or shards with their index.</param>
    /// <param name="factoring">How full-size weights become factors and guides; null for the defaults.</param>
    /// <param name="options">Device and types; null for the defaults.</param>
    /// <param name="stop">Ends the work after the current tensor.</param>
    /// <exception cref="PretrainedMismatchException">The checkpoint doesn't fit the declaration; the exception lists all that
    /// doesn't.</exception>
    /// <exception cref="InputException">The checkpoint can't be read.</exception>
    public static PretrainedModel Load(
        ModelEntry entry,
        Variant variant,
        string folder,
        FactoringOptions? factoring = null,
        ModelOptions? options = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(entry);
        var config = PretrainedConfig.Read(folder);
        var files = TensorFolder.Open(folder);
        var model = Variants.Create(entry, variant, (options ?? new ModelOptions()) with { Initialize = false });
        try
        {
            ActivatedFactors.Refuse(
                model,
                "can't take over pretrained weights",
                $"Leave the activation out, or import into the dense baseline."
            );
            var declared = DeclaredWeights.Of(model);
            var (contradictions, notes) = FactComparison.Compare(declared.Facts, config.Facts);
            var layout = TensorLayout.Of(config.Architecture, declared, files.Tensors.ContainsKey, config.QueryScale);
            var mismatch = new PretrainedMismatch();
            foreach (var contradiction in contradictions)
                mismatch.Contradictions.Add(contradiction);
            var plan = LoadPlan.Make(files, layout, mismatch);
            foreach (var problem in files.Problems)
                mismatch.Others.Add(problem);
            if (mismatch.IsEmpty && declared.Head is null && !TiedHead.IsEmbedding(files, layout))
                mismatch.Others.Add($"{layout.HeadName} is not the embedding, which config.json says it is");
            if (!mismatch.IsEmpty)
                throw new PretrainedMismatchException(folder, entry.Name, mismatch);
            var factored = TensorLoader.Load(files, plan, factoring ?? new FactoringOptions(), stop);
            return new PretrainedModel(model, config.Architecture, plan.Count, factored, notes);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
