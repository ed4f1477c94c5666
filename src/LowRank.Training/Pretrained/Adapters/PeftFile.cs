using LowRank.Training.Json;
using LowRank.Training.SafeTensors;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary><c>adapter_model.safetensors</c>: A and B of every adapted module.</summary>
internal sealed class PeftFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "adapter_model.safetensors";

    // The adapted model, and within it the base model.
    private const string Prefix = "base_model.model.";
    private const string EndOfA = ".lora_A.weight";
    private const string EndOfB = ".lora_B.weight";

    private static readonly string[] Types = ["F32", "BF16", "F16"];

    private readonly string path;
    private readonly IReadOnlyDictionary<string, SafeTensorEntry> entries;

    private PeftFile(string path, IReadOnlyDictionary<string, SafeTensorEntry> entries, IReadOnlyList<string> modules)
    {
        (this.path, this.entries) = (path, entries);
        Modules = modules;
    }

    /// <summary>The modules that it has adapters of, in the order of their names.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Reads its header.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <exception cref="InputException">It isn't there, or holds what is no A or B, or one of them alone.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, or is damaged.</exception>
    public static PeftFile Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var old = File.Exists(Path.Combine(folder, "adapter_model.bin"))
                ? "; adapter_model.bin is not read, save it as safetensors"
                : "";
            throw new InputException($"There are no usable adapters in '{folder}': it holds no {FileName}{old}.");
        }

        var entries = SafeTensorsFile.ReadHeader(path);
        var modules = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, entry) in entries)
        {
            modules.Add(
                ModuleOf(name)
                    ?? throw new InputException(
                        $"'{path}' holds '{ShownText.Of(name)}', which is neither A nor B of an adapted linear layer; merge the adapters into their model with the library that made them, and import that."
                    )
            );
            if (!Types.Contains(entry.Type))
                throw new InputException(
                    $"'{ShownText.Of(name)}' in '{path}' is of type {entry.Type}, and {string.Join(", ", Types)} are read; save the adapters in one of them."
                );
        }

        foreach (var module in modules)
        {
            if (Array.Find([NameOfA(module), NameOfB(module)], name => !entries.ContainsKey(name)) is { } missing)
                throw new InputException($"'{path}' holds no '{ShownText.Of(missing)}'; use the files that were written together.");
        }

        return new PeftFile(path, entries, [.. modules]);
    }

    /// <summary>The name of A.</summary>
    public static string NameOfA(string module) => Prefix + module + EndOfA;

    /// <summary>The name of B.</summary>
    public static string NameOfB(string module) => Prefix + module + EndOfB;

    /// <summary>Refuses matrices of another size.</summary>
    /// <param name="module">The module.</param>
    /// <param name="rank">r.</param>
    /// <exception cref="InputException">A or B has another shape.</exception>
    public void CheckShapes(PeftModule module, int rank)
    {
        Check(NameOfA(module.Name), [rank, module.Inputs]);
        Check(NameOfB(module.Name), [module.Outputs, rank]);

        void Check(string name, long[] shape)
        {
            if (!entries[name].Shape.SequenceEqual(shape))
                throw new InputException(
                    $"'{name}' in '{path}' is [{string.Join(", ", entries[name].Shape)}], and [{string.Join(", ", shape)}] belongs there by {PeftAdapter.ConfigFile} and the model; use the adapters of this model."
                );
        }
    }

    /// <summary>Reads a matrix. The caller disposes it.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InputException">A value is infinite or no number.</exception>
    public TorchSharp.torch.Tensor Read(string name)
    {
        var read = SafeTensorsFile.Read(path, entries[name]);
        try
        {
            FiniteWeights.Check(read, name, path, "Use the adapters of another run or checkpoint.");
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    private static string? ModuleOf(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var module = name[Prefix.Length..];
        return module.EndsWith(EndOfA, StringComparison.Ordinal) ? module[..^EndOfA.Length]
            : module.EndsWith(EndOfB, StringComparison.Ordinal) ? module[..^EndOfB.Length]
            : null;
    }
}
