using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LowRank.Cuda;

/// <summary>
/// Keeps compiled kernels on disk: a model's take seconds to compile, and every process needs them. A file begins with the hash of what
/// follows, so that a damaged one counts as missing. A folder that can't be read or written costs time, nothing else.
/// </summary>
/// <param name="folder">The folder; null: nothing is kept.</param>
internal sealed class KernelCache(string? folder)
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "LOWRANK_KERNEL_CACHE";

    private const int HashLength = 16;

    /// <summary>The folder asked for, or else <c>lowrank/kernels</c> in the user's cache folder; null where there is none.</summary>
    public static string? Folder(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        string? cache;
        if (OperatingSystem.IsWindows())
            cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        else if (variable("XDG_CACHE_HOME") is { Length: > 0 } named2)
            cache = named2;
        else
            cache = variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        return Path.IsPathFullyQualified(cache ?? "") ? Path.Combine(cache!, "lowrank", "kernels") : null;
    }

    /// <summary>The name of what is compiled from these: alike if and only if all are.</summary>
    public static string Key(params ReadOnlySpan<string> parts)
    {
        var hash = new XxHash128();
        foreach (var part in parts)
        {
            // With its length, so that no end of one part passes for the beginning of the next.
            hash.Append(MemoryMarshal.AsBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Length} {part}").AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>What was kept under a name; null if nothing was, or if it is damaged.</summary>
    public byte[]? Read(string name)
    {
        if (folder is null)
            return null;
        try
        {
            var file = File.ReadAllBytes(PathOf(folder, name));
            return file.Length > HashLength && XxHash128.Hash(file.AsSpan(HashLength)).AsSpan().SequenceEqual(file.AsSpan(0, HashLength))
                ? file[HashLength..]
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps something under a name.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        if (folder is null)
            return;
        // Renamed when it is whole: another process reads the old file or the new one, never half of it.
        var path = PathOf(folder, name);
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(unfinished, [.. XxHash128.Hash(content), .. content]);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
        }
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.kernel");

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then it can't have been written.
        }
    }
}
