using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Files;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// A model with its tokenizer, saved and loaded whatever has become of it: dense, factored, with guides at any share, with adapters beside
/// its weights or merged into them, fine-tuned. The folder is a checkpoint as training leaves them: every command opens it, and
/// <see cref="Load"/> opens those of training.
/// </summary>
/// <example>
/// <code>
/// ModelCheckpoint.Save(model, "tuned", tokenizer);
/// using var saved = ModelCheckpoint.Load("tuned");
/// var logits = saved.Model.forward(tokens);
/// </code>
/// </example>
public sealed class ModelCheckpoint : IDisposable
{
    // The schedule of guides that are saved at no step of a run; it is long enough for every one of them to be there at its first step.
    private const long Steps = 1_000_000_000;

    private ModelCheckpoint(Checkpoint checkpoint, LanguageModel model)
    {
        (Model, Folder, Info) = (model, checkpoint.Folder, checkpoint.Info);
        Companions = checkpoint.Companions();
        Tokenizer = File.Exists(checkpoint.TokenizerPath) ? Tokenizer.Load(checkpoint.TokenizerPath) : null;
    }

    /// <summary>The model, in the state in which it was saved.</summary>
    public LanguageModel Model { get; }

    /// <summary>The tokenizer that its weights were trained with; null where none was saved.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>
    /// What came with an imported model beside its tokenizer, such as its chat template. <see cref="Save"/> keeps it where it is given it.
    /// </summary>
    public CompanionFiles Companions { get; }

    /// <summary>The checkpoint's folder.</summary>
    public string Folder { get; }

    /// <summary>The variant that was trained.</summary>
    public Variant Variant => Info.Variant;

    /// <summary>Optimizer steps that were taken; 0 where it was saved by <see cref="Save"/>.</summary>
    public long Step => Info.Step;

    /// <summary>All that is known of it and isn't a tensor.</summary>
    internal CheckpointInfo Info { get; }

    /// <summary>
    /// Saves a model. Its guides are blended in once more at the share they have, so that it computes from now on what the loaded one will.
    /// </summary>
    /// <param name="model">The model, of a class declared with <c>[Transformer]</c>.</param>
    /// <param name="folder">The folder, new or empty; it becomes that of a run with one checkpoint, at step 0.</param>
    /// <param name="tokenizer">The tokenizer that its weights were trained with; null for none, and then it reads and writes no
    /// text.</param>
    /// <param name="companions">The files that came with the tokenizer, such as <see cref="Companions"/>; null for none.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="InputException">
    /// The model isn't declared, the folder holds something, is being written or lies within a checkpoint, or the tokenizer has more ids
    /// than the model. Its weights have several types, or are infinite or no numbers; or it computes in a type that a checkpoint doesn't
    /// keep.
    /// </exception>
    /// <exception cref="NoSpaceException">There is no room for it.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static string Save(LanguageModel model, string folder, Tokenizer? tokenizer, CompanionFiles? companions = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(folder);
        var declaration = DeclaredModel.Of(model);
        if (tokenizer?.VocabularySize > model.Vocabulary)
            throw new InputException(
                $"The tokenizer has {tokenizer.VocabularySize} entries and {declaration.Entry.Name} has a vocabulary of {model.Vocabulary}; save the tokenizer that it was trained with."
            );
        SavableWeights.Check(model);
        using var held = NewRun.Take(folder);
        var info = Describe(model, declaration);
        // What is left of a failed attempt would be in the way of the next one.
        var made = MadeFolders.Make(Path.Combine(folder, RunFiles.Checkpoints));
        try
        {
            return new CheckpointFolder(folder).Write(
                0,
                files =>
                {
                    SafeTensorsFile.Write(Path.Combine(files, Checkpoint.ModelFile), [.. model.SavedTensors]);
                    tokenizer?.Save(Path.Combine(files, Checkpoint.TokenizerFile));
                    companions?.Write(files);
                    return info;
                }
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            made.RemoveEmpty();
            throw SystemLimit.Refusal($"'{folder}' cannot be written", exception, "choose another folder");
        }
    }

    /// <summary>Loads a model, in evaluation mode: where modules of yours have dropout, <c>train()</c> turns it on.</summary>
    /// <param name="folder">What <see cref="Save"/> was given, a run of training (its newest checkpoint), or one checkpoint.</param>
    /// <param name="options">Where and in which types it computes; null for the CPU and the types that it was saved with.</param>
    /// <param name="report">Is told, in one sentence each, which damaged checkpoints of a run were passed over for an older one, and
    /// why.</param>
    /// <exception cref="InputException">There is no whole checkpoint, or the program declares its model not, or differently.</exception>
    public static ModelCheckpoint Load(string folder, ModelOptions? options = null, Action<string>? report = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return NewestCheckpoint.Read(folder, opened: null, report, checkpoint => Of(checkpoint, options));
    }

    private static ModelCheckpoint Of(Checkpoint checkpoint, ModelOptions? options)
    {
        var model = checkpoint.LoadModel(options ?? checkpoint.AsSaved("cpu", checkpoint.Info.Options.Precision));
        try
        {
            return new ModelCheckpoint(checkpoint, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static CheckpointInfo Describe(LanguageModel model, DeclaredModel declaration) =>
        new()
        {
            Model = declaration.Entry.FullName,
            Variant = declaration.Variant,
            Vocabulary = model.Vocabulary,
            Step = 0,
            Options = new TrainingOptions
            {
                Steps = Steps,
                SequencesPerStep = 1,
                SequencesPerMicroBatch = 1,
                Context = model.Context,
                Seed = model.Options.Seed,
                Precision = model.Options.ComputeType == ScalarType.BFloat16 ? "bf16" : "fp32",
                // Builds the guides again, where any is left.
                FineTuning =
                    model.FactoredLater is { } group && group.Linears.Any(linear => linear.Guide is not null)
                        ? new FineTuningOptions
                        {
                            Method = FineTuningMethod.LowRank,
                            Guide = group.Guide,
                            PhaseOut = group.PhaseOut,
                        }
                        : null,
            },
            Changes = FoundChanges.In(model, declaration),
            DataFingerprint = CheckpointInfo.NoText,
            Guides =
            [
                .. model.named_parameters().Select(named => named.name).Where(name => name.EndsWith(".guide", StringComparison.Ordinal)),
            ],
            GuideShares = Blend(model),
            MergedAdapters =
            [
                .. model.named_modules().Where(named => named.module is LoraLinear { IsMerged: true }).Select(named => named.name),
            ],
            Updates = new Dictionary<string, long>(StringComparer.Ordinal),
            Totals = new RunTotals { ParametersAtStart = model.parameters().Sum(parameter => parameter.NumberOfElements) },
            Files = [],
        };

    private static Dictionary<string, double> Blend(LanguageModel model)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, module) in model.named_modules())
        {
            if (module is not LowRankLinear { BlendedShare: { } share } layer)
                continue;
            layer.Blend(share);
            shares.Add(name, share);
        }

        return shares;
    }
}
