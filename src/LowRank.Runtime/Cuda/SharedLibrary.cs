using System.Runtime.InteropServices;

namespace LowRank.Cuda;

/// <summary>A shared library that a machine may lack, and its functions. Once loaded it stays.</summary>
internal sealed unsafe class SharedLibrary
{
    private readonly nint handle;
    private readonly string meaning;

    private SharedLibrary(string meaning, string name, nint handle)
    {
        this.meaning = meaning;
        this.handle = handle;
        Name = name;
    }

    /// <summary>Its name or path.</summary>
    public string Name { get; }

    /// <summary>Loads a library, or returns null where there is none that can be loaded.</summary>
    /// <param name="meaning">What it is, in messages.</param>
    /// <param name="name">Its name or path.</param>
    public static SharedLibrary? TryLoad(string meaning, string name) =>
        NativeLibrary.TryLoad(name, typeof(SharedLibrary).Assembly, DllImportSearchPath.SafeDirectories, out var handle)
            ? new SharedLibrary(meaning, name, handle)
            : null;

    /// <summary>Loads the first of some libraries that is there.</summary>
    /// <param name="meaning">What it is, in messages.</param>
    /// <param name="names">Names or paths.</param>
    /// <exception cref="NotSupportedException">None is there.</exception>
    public static SharedLibrary Load(string meaning, IReadOnlyList<string> names) =>
        names.Select(name => TryLoad(meaning, name)).FirstOrDefault(library => library is not null)
        ?? throw new NotSupportedException($"{meaning} was not found (tried {string.Join(", ", names)})");

    /// <summary>Whether it has a function or a variable.</summary>
    public bool Has(string name) => NativeLibrary.TryGetExport(handle, name, out _);

    /// <summary>The address of a function or a variable.</summary>
    /// <exception cref="NotSupportedException">The library has none of this name.</exception>
    public void* Function(string name) =>
        NativeLibrary.TryGetExport(handle, name, out var address)
            ? (void*)address
            : throw new NotSupportedException($"{meaning} ({Name}) lacks the function {name}");
}
