using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Evaluation;
using LowRank.Training.Files;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>A whole, verified checkpoint.</summary>
internal sealed class Checkpoint
{
    /// <summary>The parameters, guides included while they exist.</summary>
    public const string ModelFile = RunFiles.Model;

    /// <summary>The moments of the optimizer.</summary>
    public const string OptimizerFile = "optimizer.safetensors";

    /// <summary>The tokenizer of the training text.</summary>
    public const string TokenizerFile = "tokenizer.json";

    private Checkpoint(string folder, CheckpointInfo info)
    {
        Folder = folder;
        Info = info;
    }

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>All of its state that isn't a tensor.</summary>
    public CheckpointInfo Info { get; }

    /// <summary>The tokenizer of the training text.</summary>
    public string TokenizerPath => Path.Combine(Folder, TokenizerFile);

    /// <summary>What came with an imported model and is kept as it was: chat template, special tokens and the like.</summary>
    /// <exception cref="InputException">The checkpoint is gone, or a file can't be read.</exception>
    internal CompanionFiles Companions()
    {
        try
        {
            return CompanionFiles.Read(Folder, Info.Files.Select(file => file.Name));
        }
        catch (InputException) when (IsGone)
        {
            throw Gone();
        }
    }

    /// <summary>Whether it was removed since it was opened.</summary>
    internal bool IsGone => !File.Exists(Path.Combine(Folder, CheckpointFolder.InfoFile));

    /// <summary>The tokenizer, which has to be there: no other one gives the ids that the weights know.</summary>
    /// <exception cref="InputException">Only the weights were saved, or the checkpoint is gone.</exception>
    internal string ExistingTokenizer()
    {
        if (File.Exists(TokenizerPath))
            return TokenizerPath;
        throw IsGone
            ? Gone()
            : InputException.Naming(
                $"The checkpoint {Folder} has no tokenizer, so it can neither read nor write text; import it again with the {new OptionName("Tokenizer")} of its weights."
            );
    }

    /// <summary>Opens a checkpoint, or the newest whole one of a run.</summary>
    /// <param name="path">A checkpoint's folder, or a run's.</param>
    /// <param name="report">Is told, in one sentence each, which damaged checkpoints of a run were passed over for an older one, and
    /// why.</param>
    /// <exception cref="InputException">There is no checkpoint, or none that is whole; the message says what is damaged, and
    /// how.</exception>
    public static Checkpoint Open(string path, Action<string>? report = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (CheckpointFolder.IsCheckpoint(path))
        {
            return TryOpen(path, out var reason)
                ?? throw new InputException($"The checkpoint {path} is damaged: {reason}. Use an older one, or train again.");
        }

        return Newest(path, report)
            ?? throw new InputException($"There is no checkpoint in '{path}'; give the folder of a run or of one checkpoint.");
    }

    /// <summary>The newest whole checkpoint of a run, or null where it has none yet.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="report">Is told, in one sentence each, which damaged checkpoints were passed over for an older one, and why.</param>
    /// <exception cref="InputException">There are checkpoints, and all of them are damaged.</exception>
    public static Checkpoint? Newest(string run, Action<string>? report = null)
    {
        var search = CheckpointSearch.In(run);
        if (report is not null)
            search.Report(report);
        return search.Newest;
    }

    /// <summary>Builds the model and loads its weights, in the state that it had: without the guides that are gone.</summary>
    /// <param name="device">The device, as on the command line.</param>
    /// <param name="precision">The precision, as on the command line.</param>
    /// <exception cref="InputException">The model isn't declared in this program, or declared differently.</exception>
    public LanguageModel LoadModel(string device, string precision) => LoadModel(AsSaved(device, precision));

    /// <summary>How a model is built whose parameters have the type that they were saved in.</summary>
    internal ModelOptions AsSaved(string device, string precision)
    {
        var options = new ModelOptions { Device = Devices.ForComputing(device), ComputeType = Devices.ComputeType(precision) };
        ScalarType? saved = null;
        ReadModelFile(file => saved = SavedTypes.In(file));
        if (saved is null or ScalarType.Float32)
            return options;
        // Products in single precision are what a model in single precision has.
        return options with
        {
            DataType = saved.Value,
            ComputeType = options.ComputeType == ScalarType.Float32 ? null : options.ComputeType,
        };
    }

    /// <summary>The same with all options; the seed is the checkpoint's. The model is in evaluation mode.</summary>
    internal LanguageModel LoadModel(ModelOptions options)
    {
        var model = Variants.Create(FindEntry(), Info.Variant, options with { Seed = Info.Options.Seed, Initialize = false });
        try
        {
            LoadParameters(model);
            Prepare(model);
            EvaluationMode.Enter(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // A model saved while guided computes through the blend of its step, or that of each of its layers.
    private void Prepare(LanguageModel model)
    {
        if (Info.GuideShares is not { } shares)
        {
            ((ITrainedModule)model).PrepareStep(new Reparameterization.TrainingStep(Info.Step, Info.Options.Steps, Info.Options.Seed));
            return;
        }

        foreach (var (name, module) in model.named_modules())
        {
            if (module is LowRankLinear layer && shares.TryGetValue(name, out var share))
                layer.Blend(share);
        }
    }

    /// <summary>Loads the parameters into a model of the same declaration, first releasing the guides that are gone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="widens">Whether weights of 16 bits may become 32-bit ones, as those do that a training begins with.</param>
    /// <exception cref="InputException">The model is declared differently from the one that was saved, or built for another
    /// type.</exception>
    public void LoadParameters(LanguageModel model, bool widens = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        Info.Changes?.ApplyTo(model, Info.Options.FineTuning);
        foreach (var (name, module) in model.named_modules())
        {
            if (module is LowRankLinear { Guide: not null } linear && !Info.Guides.Contains($"{name}.guide", StringComparer.Ordinal))
                linear.ReleaseGuide();
        }

        // Layers that were factored by an earlier fine-tuning have no guide any more, and draw for none.
        if (model.FactoredLater is { } group)
        {
            LowRankLinear[] guided = [.. group.Linears.Where(linear => linear.Guide is not null)];
            model.FactoredLater = guided.Length > 0 ? group with { Linears = guided } : null;
        }

        // Declared adapters begin beside a model that was trained without them.
        var unsaved =
            Info.Variant == Variant.Lora || Info.Changes is { Adapted.Count: > 0 }
                ? []
                : AdapterFolder.ParametersOf(model).Select(adapter => adapter.Name).ToHashSet(StringComparer.Ordinal);
        (string, TorchSharp.torch.Tensor)[] saved = [.. model.SavedTensors.Where(entry => !unsaved.Contains(entry.Name))];
        ReadModelFile(file =>
        {
            if (!widens)
                SavedTypes.Check(Folder, file, model);
            SafeTensorsFile.ReadInto(file, saved, widens);
        });
        FiniteWeights.Check(saved, Path.Combine(Folder, ModelFile), "Begin with an older checkpoint, or import or train anew.");
        if (unsaved.Count > 0)
            InitialWeights.DrawAdapters(model, model.Options.Seed);
        foreach (var (name, module) in model.named_modules())
        {
            if (module is LoraLinear layer && Info.MergedAdapters?.Contains(name, StringComparer.Ordinal) == true)
                layer.TakeAsMerged();
        }
    }

    private void ReadModelFile(Action<string> read)
    {
        try
        {
            read(Path.Combine(Folder, ModelFile));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The checkpoint {Folder} cannot be read: {exception.Message} Make it readable, or use another one.");
        }
        catch (InvalidDataException exception)
        {
            throw new InputException(
                $"The checkpoint doesn't fit the model {Info.Model} as it is declared now: {exception.Message} Use the declaration that it was trained with."
            );
        }
    }

    private InputException Gone() =>
        new($"The checkpoint {Folder} was removed while it was read, as a run that goes on removes old ones; give the command again.");

    /// <summary>Opens and verifies a checkpoint.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="reason">What is damaged, and how, without a full stop.</param>
    /// <returns>The checkpoint; null where it is damaged.</returns>
    internal static Checkpoint? TryOpen(string folder, out string reason)
    {
        try
        {
            if (!File.Exists(Path.Combine(folder, CheckpointFolder.InfoFile)))
                throw new InvalidDataException($"{CheckpointFolder.InfoFile} is missing");
            var info = CheckpointInfoFile.Read(Path.Combine(folder, CheckpointFolder.InfoFile));
            foreach (var file in info.Files)
            {
                if (!File.Exists(Path.Combine(folder, file.Name)))
                    throw new InvalidDataException($"{file.Name} is missing");
                var found = CheckpointFile.Of(Path.Combine(folder, file.Name));
                if (found.Bytes != file.Bytes)
                    throw new InvalidDataException(
                        FormattableString.Invariant($"{file.Name} has {found.Bytes} bytes and was written with {file.Bytes}")
                    );
                if (found != file)
                    throw new InvalidDataException($"{file.Name} is not what was written: its hash is another one");
            }

            reason = "";
            return new Checkpoint(folder, info);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            reason = exception.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>The declaration of its model.</summary>
    /// <exception cref="InputException">This program declares no such model.</exception>
    internal ModelEntry FindEntry()
    {
        var found = ModelLookup.OfFullName(Info.Model);
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
            throw new InputException(
                $"The checkpoint {Folder} holds the model {Info.Model}, and {found.Count} assemblies declare one: {string.Join(", ", found.Select(entry => entry.Assembly))}. Reference the one that it was trained with alone."
            );
        var models = ModelCatalog.Models.Select(entry => entry.FullName).ToList();
        var declared = models.Count == 0 ? "none" : string.Join(", ", models);
        throw new InputException(
            $"The checkpoint {Folder} holds the model {Json.ShownText.Of(Info.Model)}, which this program doesn't declare; it declares {declared}."
        );
    }
}
