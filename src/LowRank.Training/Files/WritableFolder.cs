using LowRank.Training.Wording;

namespace LowRank.Training.Files;

/// <summary>Tells before any work whether a place can be written, and leaves nothing there.</summary>
internal static class WritableFolder
{
    private const string ProbePrefix = ".lowrank-";
    private const string ProbeSuffix = ".tmp";

    /// <summary>What a folder holds, but for what others leave there for an instant to see whether it can be written.</summary>
    /// <param name="path">The folder; nothing when it is missing.</param>
    public static IEnumerable<string> Entries(string path)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(path).Where(entry => !IsProbe(Path.GetFileName(entry)))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Refuses what can't become a folder that files are written to, or isn't one.</summary>
    /// <param name="path">The folder; it and those above it may be missing.</param>
    /// <param name="name">What asks for it, as messages name it: an <see cref="OptionName"/>, or a file and its key.</param>
    /// <param name="instead">The folder that is really written, where another name comes first; null for the path itself.</param>
    /// <exception cref="InputException">A file has its name or that of a folder above it, or nothing can be written there.</exception>
    /// <exception cref="NoSpaceException">Not even an empty file has room there.</exception>
    public static void Check(string path, object name, string? instead = null)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw InputException.Naming($"{name} is empty; give it a folder.");
        if (path.Contains('\0', StringComparison.Ordinal))
            throw InputException.Naming($"{name} has a character that no path can have; give it a folder.");
        var full = Path.GetFullPath(instead ?? path);
        var missing = new Stack<string>();
        var existing = full;
        while (!Directory.Exists(existing))
        {
            if (What(existing) is { } what)
            {
                throw instead is null
                    ? InputException.Naming($"{name} '{path}' cannot be a folder: '{existing}' is {what}; choose another.")
                    : InputException.Naming($"{name} '{path}' cannot be written: '{existing}' is {what}, and no folder; choose another.");
            }

            missing.Push(Path.GetFileName(existing));
            existing = Path.GetDirectoryName(existing) is { Length: > 0 } above
                ? above
                : throw InputException.Naming($"{name} '{path}' cannot be written: there is no '{existing}'; choose another.");
        }

        Probe(existing, missing, path, name);
    }

    /// <summary>Refuses a file that can't be written.</summary>
    /// <param name="path">The file; it and the folders above it may be missing.</param>
    /// <param name="name">What asks for it, as messages name it: an <see cref="OptionName"/>, or a text.</param>
    /// <exception cref="InputException">A folder has its name, or nothing can be written there.</exception>
    /// <exception cref="NoSpaceException">Not even an empty file has room there.</exception>
    public static void CheckFile(string path, object name)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw InputException.Naming($"{name} takes the path of a file, not '{path}'.");
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw InputException.Naming($"{name} '{path}' is a folder; give it a file.");
        var full = Path.GetFullPath(path);
        Check(path, name, Path.GetDirectoryName(full)!);
        // Its name may be too long where its folder's is not.
        Probe(Path.GetDirectoryName(full)!, [], path, name, Path.GetFileName(full));
    }

    private static bool IsProbe(string name) =>
        name.StartsWith(ProbePrefix, StringComparison.Ordinal)
        && name.EndsWith(ProbeSuffix, StringComparison.Ordinal)
        && Guid.TryParseExact(name.AsSpan(ProbePrefix.Length, name.Length - ProbePrefix.Length - ProbeSuffix.Length), "N", out _);

    // What stands where a folder should; null for nothing.
    private static string? What(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if ((int)info.Attributes == -1)
                return null;
            return info.LinkTarget is null ? "a file" : WhatLinked(info);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Too long a name, or a folder that can't be looked into: writing there says so.
            return null;
        }
    }

    private static string WhatLinked(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } ? "a file" : "a link to nothing";
        }
        catch (IOException)
        {
            // Links that can be followed have an end.
            return "a link that leads back to itself";
        }
    }

    // The missing folders are made within one of another name: nobody else can be using them, and nothing of them is left.
    private static void Probe(string existing, IEnumerable<string> missing, string path, object name, string? file = null)
    {
        var probe = Path.Combine(existing, $"{ProbePrefix}{Guid.NewGuid():N}{ProbeSuffix}");
        try
        {
            try
            {
                var inside = missing.Aggregate(probe, Path.Combine);
                Directory.CreateDirectory(inside);
                File.WriteAllBytes(Path.Combine(inside, file ?? Path.GetFileName(probe)), []);
            }
            finally
            {
                if (Directory.Exists(probe))
                    Directory.Delete(probe, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"{name} '{path}' cannot be written", exception, "choose another");
        }
    }
}
