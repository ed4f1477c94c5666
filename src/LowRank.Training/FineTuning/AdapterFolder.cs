using System.Text.Json;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Files;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using LowRank.Training.Weights;
using static TorchSharp.torch;

namespace LowRank.Training.FineTuning;

/// <summary>
/// Adapters alone in a folder: <c>adapter.safetensors</c> holds A and B of each, <c>adapter.json</c> where they belong. Loaded onto the
/// model that they were trained beside they give the fine-tuned model bit for bit.
/// </summary>
public static class AdapterFolder
{
    /// <summary>The tensors.</summary>
    internal const string TensorFile = "adapter.safetensors";

    /// <summary>What they are.</summary>
    internal const string InfoFile = "adapter.json";

    /// <summary>Writes the adapters of a model.</summary>
    /// <param name="folder">The folder; it is made where it is missing.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">
    /// The model has no adapters, or weights that are infinite or no numbers, or the folder lies within a checkpoint.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void Write(string folder, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(model);
        SavableWeights.RefuseDisposed(model);
        var adapted = AdaptedIn(model);
        if (adapted.Count == 0)
            throw new InputException($"{model.Accounting.Model} has no adapters to write.");
        SavableWeights.RefuseInfinite(model);
        CheckpointPlace.Refuse(folder, "The folder");
        Directory.CreateDirectory(folder);
        SafeTensorsFile.Write(Path.Combine(folder, TensorFile), ParametersOf(model));
        using var stream = new FileStream(Path.Combine(folder, InfoFile), FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(stream, new AdapterInfo { Model = NameOf(model), Adapted = adapted }, AdapterJson.Default.AdapterInfo);
    }

    /// <summary>Gives a model the adapters of a folder and freezes all else.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model that they were trained beside, without adapters or with these.</param>
    /// <exception cref="InputException">The folder holds no adapters, or those of another model.</exception>
    public static void Load(string folder, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(model);
        if (!File.Exists(Path.Combine(folder, InfoFile)))
            throw new InputException($"There are no usable adapters in '{folder}': it holds no {InfoFile}.");
        try
        {
            var info = AdapterInfoReader.Read(Path.Combine(folder, InfoFile));
            if (!string.Equals(info.Model, NameOf(model), StringComparison.Ordinal))
                throw new InputException($"The adapters in '{folder}' are those of {ShownText.Of(info.Model)}, not of {NameOf(model)}.");
            Give(info.Adapted, model, Path.Combine(folder, InfoFile));
            ReadTensors(Path.Combine(folder, TensorFile), ParametersOf(model));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or JsonException or UnauthorizedAccessException)
        {
            throw new InputException($"There are no usable adapters in '{folder}': {exception.Message}");
        }
    }

    /// <summary>Gives a model adapters of these sizes, unless it has them already, and freezes all else.</summary>
    /// <param name="adapted">The adapters.</param>
    /// <param name="model">The model.</param>
    /// <param name="file">What says so.</param>
    /// <exception cref="InputException">The model has others, or has them merged into its weights, or not the layers.</exception>
    internal static void Give(IReadOnlyList<AdaptedLayer> adapted, LanguageModel model, string file)
    {
        if (model.modules().OfType<LoraLinear>().Any(layer => layer.IsMerged))
            throw new InputException(
                $"The adapters of {NameOf(model)} are merged into its weights; unmerge them before others are loaded."
            );
        if (!model.LoraAdapters.Any())
            Apply(adapted, model, file);
        else if (!IsSame(AdaptedIn(model), adapted))
            throw new InputException(
                $"The adapters in '{file}' are not those that {NameOf(model)} declares; declare their layers, rank and alpha."
            );
    }

    /// <summary>A and B of every adapter under their dotted names.</summary>
    internal static IReadOnlyList<(string Name, Tensor Tensor)> ParametersOf(LanguageModel model) =>
        [
            .. model
                .named_modules()
                .Where(named => named.module is LoraAdapter)
                .SelectMany(named =>
                    ((LoraAdapter)named.module)
                        .named_parameters()
                        .Select(parameter => ($"{named.name}.{parameter.name}", (Tensor)parameter.parameter))
                ),
        ];

    private static void Apply(IReadOnlyList<AdaptedLayer> adapted, LanguageModel model, string file)
    {
        try
        {
            new ModelChanges([], adapted).ApplyTo(model, options: null);
        }
        catch (InputException exception)
        {
            throw InputException.Naming($"{file} doesn't fit: {exception.Sentence}");
        }
    }

    private static List<AdaptedLayer> AdaptedIn(LanguageModel model) =>
        [
            .. LinearSite
                .Of(model)
                .Where(site => site.Layer is LoraLinear)
                .Select(site => new AdaptedLayer(site.Name, [.. ((LoraLinear)site.Layer).Adapters.Select(adapter => adapter.Part)])),
        ];

    private static bool IsSame(List<AdaptedLayer> left, IReadOnlyList<AdaptedLayer> right) =>
        left.Count == right.Count
        && left.Zip(right).All(pair => pair.First.Layer == pair.Second.Layer && pair.First.Parts.SequenceEqual(pair.Second.Parts));

    private static void ReadTensors(string file, IReadOnlyList<(string Name, Tensor Tensor)> adapters)
    {
        var known = adapters.Select(adapter => adapter.Name).ToHashSet(StringComparer.Ordinal);
        if (SafeTensorsFile.ReadHeader(file).Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new InputException(
                $"'{file}' holds '{ShownText.Of(unknown)}', which {InfoFile} says nothing of; use the files that were written together."
            );
        SafeTensorsFile.ReadInto(file, adapters);
        FiniteWeights.Check(adapters, file, "Use the adapters of another run or checkpoint.");
    }

    private static string NameOf(LanguageModel model) => DeclaredModel.NameOf(model);
}
