using LowRank.Models;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>
/// LoRA adapters in a folder of Hugging Face's PEFT library: <c>adapter_config.json</c> says what they are,
/// <c>adapter_model.safetensors</c>
/// holds A <c>[rank, inputs]</c> and B <c>[outputs, rank]</c> of every adapted module under the names of the base model's architecture.
/// </summary>
/// <example>
/// <code>
/// PeftAdapter.Load("adapters/notes", model);
/// PeftAdapter.Write(model, "adapters/again", new PeftOptions { BaseModel = "meta-llama/Llama-3.2-1B" });
/// </code>
/// </example>
public static class PeftAdapter
{
    /// <summary>The file that says what the adapters are.</summary>
    internal const string ConfigFile = "adapter_config.json";

    /// <summary>Whether a folder is one of this library.</summary>
    /// <param name="folder">The folder.</param>
    internal static bool IsIn(string folder) => File.Exists(Path.Combine(folder, ConfigFile));

    /// <summary>Gives a model the adapters of a folder and freezes all else. All is compared before the model is changed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The base model, without adapters or with the same ones.</param>
    /// <exception cref="InputException">
    /// The folder holds no adapters that can be read, or those of another model. What isn't read is named: other methods than LoRA, DoRA,
    /// trained biases and modules, starts that change the base model, layers outside of the blocks, factored layers.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static void Load(string folder, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(model);
        SavableWeights.RefuseDisposed(model);
        try
        {
            PeftLoading.Run(model, folder);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"There are no usable adapters in '{folder}': {exception.Message}");
        }
    }

    /// <summary>Writes a model's adapters. The folder appears whole under its name or not at all.</summary>
    /// <param name="model">The model with its adapters, merged or not.</param>
    /// <param name="folder">The folder; new or empty.</param>
    /// <param name="options">How they are written; null for the defaults.</param>
    /// <param name="stop">Ends the work after the current matrix; nothing is left behind.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="InputException">
    /// The model has no adapters, no architecture expresses it, the folder holds something, or a value doesn't fit the precision.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static WrittenPeftAdapter Write(
        LanguageModel model,
        string folder,
        PeftOptions? options = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(folder);
        SavableWeights.RefuseDisposed(model);
        SavableWeights.RefuseInfinite(model);
        return PeftWriting.Run(model, folder, options ?? new PeftOptions(), stop);
    }
}
