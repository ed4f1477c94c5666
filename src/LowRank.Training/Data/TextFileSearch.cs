namespace LowRank.Training.Data;

/// <summary>Turns a path of the user's into the text files that it means.</summary>
internal static class TextFileSearch
{
    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        ".7z", ".a", ".avi", ".bin", ".bmp", ".br", ".bz2", ".class", ".dat", ".db", ".dll", ".dylib", ".doc", ".docx", ".exe", ".flac",
        ".gif", ".ico", ".jar", ".jpeg", ".jpg", ".lib", ".mkv", ".mov", ".mp3", ".mp4", ".npy", ".npz", ".nupkg", ".o", ".obj", ".odt",
        ".ogg", ".onnx", ".otf", ".parquet", ".pdb", ".pdf", ".png", ".ppt", ".pptx", ".pt", ".pth", ".pyc", ".rar", ".safetensors",
        ".snupkg", ".so", ".sqlite", ".tar", ".tgz", ".tif", ".tiff", ".ttf", ".wasm", ".wav", ".webm", ".webp", ".woff", ".woff2",
        ".xls", ".xlsx", ".xz", ".zip",
    };

    /// <summary>Full paths: the file itself, or the text files below the folder in ordinal order of their relative paths.</summary>
    /// <exception cref="InputException">The path does not exist, or names a file that is no text.</exception>
    public static IEnumerable<string> Find(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InputException("A path of text is empty; name an existing file or folder.");
        }

        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return FindBelow(full);
        }

        if (!File.Exists(full))
        {
            throw new InputException($"The text '{path}' does not exist (looked for '{full}'); name an existing file or folder.");
        }

        return IsText(full)
            ? [full]
            : throw new InputException(
                $"The file '{path}' is not text by its extension '{Extension(full)}'; give UTF-8 text, .jsonl, or one of these as .gz or .zst.");
    }

    private static string[] FindBelow(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        try
        {
            return Directory.EnumerateFiles(folder, "*", options)
                .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(file => IsText(file) && !file.Split('/').Any(part => part.StartsWith('.')))
                .Order(StringComparer.Ordinal)
                .Select(file => Path.Combine(folder, file.Replace('/', Path.DirectorySeparatorChar)))
                .ToArray();
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new InputException($"The folder '{folder}' cannot be read: {exception.Message} Make it readable, or name the files.");
        }
    }

    private static bool IsText(string file) => !Binary.Contains(Extension(file));

    /// <summary>The extension below a compression's: that of <c>a.tar.gz</c> is <c>.tar</c>.</summary>
    private static string Extension(string file) => Path.GetExtension(CompressedFile.NameWithin(file));
}
