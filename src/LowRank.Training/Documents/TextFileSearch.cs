using LowRank.Training.Files;

namespace LowRank.Training.Documents;

/// <summary>Turns paths of the user's into the text files that they mean.</summary>
internal static class TextFileSearch
{
    /// <summary>The files in the order of the paths, each once, and what was passed over in folders.</summary>
    /// <exception cref="InputException">A path does not exist or names what is no text, or nothing below a folder is.</exception>
    public static (IReadOnlyList<TextFile> Files, IReadOnlyList<SkippedText> Skipped) Find(
        IReadOnlyList<string> paths,
        CancellationToken cancellation
    )
    {
        var files = new List<TextFile>();
        var skipped = new List<SkippedText>();
        foreach (var path in paths)
        {
            if (string.IsNullOrWhiteSpace(path))
                throw new InputException("A path of text is empty; name an existing file or folder.");

            var full = Path.GetFullPath(path);
            if (!Directory.Exists(full))
            {
                files.Add(new TextFile(CheckFile(path, full), Folder: null));
                continue;
            }

            var folder = TextFolder.Search(full, cancellation);
            if (folder.Files.Count == 0)
                throw NothingLeft(full, folder.Skipped);

            files.AddRange(folder.Files.Select(file => new TextFile(file, full)));
            skipped.AddRange(folder.Skipped);
        }

        // A file that is named as well must be readable, wherever it was found first.
        HashSet<string> named = [.. files.Where(file => file.Folder is null).Select(file => file.Path)];
        files = [.. files.DistinctBy(file => file.Path).Select(file => named.Contains(file.Path) ? file with { Folder = null } : file)];
        return (files, [.. skipped.DistinctBy(file => file.Path)]);
    }

    /// <summary>The error when nothing below a folder can be read.</summary>
    public static InputException NothingLeft(string folder, IReadOnlyList<SkippedText> skipped) =>
        new(
            $"No text file was found in '{folder}'{SkippedCount.InBrackets(skipped)}; name text files ({TextKind.All}) or folders that hold some."
        );

    private static string CheckFile(string path, string full)
    {
        if (!File.Exists(full))
            throw new InputException($"The text '{path}' does not exist (looked for '{full}'); name an existing file or folder.");

        if (SpecialFile.Kind(full) is { } kind)
            throw new InputException($"The text '{path}' is {kind}, and text is read more than once; write it to a file, and name that.");

        return TextKind.WhyNotText(path) is { } why ? throw why : full;
    }
}
