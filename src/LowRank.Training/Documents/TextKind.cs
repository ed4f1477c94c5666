namespace LowRank.Training.Documents;

/// <summary>What a file's extension says about reading it as text.</summary>
internal static class TextKind
{
    /// <summary>The kinds that are read, for messages.</summary>
    public const string All = "UTF-8, .jsonl, .json, .csv, .wet, .warc, these also as .gz or .zst, and .parquet";

    private const string Readable = "give UTF-8 text, .jsonl, .json, .csv, .wet, .warc, one of these as .gz or .zst, or .parquet.";

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        ".a",
        ".arrow",
        ".avi",
        ".avif",
        ".bin",
        ".bmp",
        ".class",
        ".dat",
        ".db",
        ".deb",
        ".djvu",
        ".dll",
        ".dmg",
        ".dylib",
        ".doc",
        ".docx",
        ".epub",
        ".exe",
        ".feather",
        ".flac",
        ".gguf",
        ".gif",
        ".h5",
        ".hdf5",
        ".heic",
        ".ico",
        ".iso",
        ".jar",
        ".jpeg",
        ".jpg",
        ".lib",
        ".m4a",
        ".mid",
        ".mkv",
        ".mo",
        ".mov",
        ".mp3",
        ".mp4",
        ".npy",
        ".npz",
        ".nupkg",
        ".o",
        ".obj",
        ".odp",
        ".ods",
        ".odt",
        ".ogg",
        ".onnx",
        ".orc",
        ".otf",
        ".pdb",
        ".pdf",
        ".pkl",
        ".png",
        ".ppt",
        ".pptx",
        ".psd",
        ".pt",
        ".pth",
        ".pyc",
        ".rpm",
        ".safetensors",
        ".snupkg",
        ".so",
        ".sqlite",
        ".tfrecord",
        ".tif",
        ".tiff",
        ".ttf",
        ".wasm",
        ".wav",
        ".webm",
        ".webp",
        ".whl",
        ".wmv",
        ".woff",
        ".woff2",
        ".xls",
        ".xlsx",
    };

    private static readonly HashSet<string> Archives = new(StringComparer.OrdinalIgnoreCase)
    {
        ".7z",
        ".br",
        ".bz2",
        ".cab",
        ".cpio",
        ".lz",
        ".lz4",
        ".lzma",
        ".rar",
        ".sz",
        ".tar",
        ".tbz2",
        ".tgz",
        ".txz",
        ".tzst",
        ".xz",
        ".z",
        ".zip",
    };

    private static readonly HashSet<string> WebArchives = new(StringComparer.OrdinalIgnoreCase) { ".arc", ".wat" };

    private static readonly HashSet<string> Tables = new(StringComparer.OrdinalIgnoreCase) { ".tsv" };

    private static readonly HashSet<string> Json = new(StringComparer.OrdinalIgnoreCase) { ".geojson", ".ipynb", ".json5" };

    /// <summary>Null if the file may be text; else why it isn't read and what to do.</summary>
    /// <param name="path">A path as the user gave it.</param>
    public static UnusableTextException? WhyNotText(string path)
    {
        var extension = Extension(path);
        var message = extension switch
        {
            _ when Binary.Contains(extension) => $"The file '{path}' is not text by its extension '{extension}'; {Readable}",
            _ when Archives.Contains(extension) =>
                $"The file '{path}' is an archive, or compressed, in a way that isn't read ('{extension}'); unpack it, then {Readable}",
            _ when WebArchives.Contains(extension) =>
                $"The file '{path}' is a web archive ('{extension}'), of an old kind or of data about pages; make a .warc of it, or take the texts out, as a .wet has them, then {Readable}",
            _ when Tables.Contains(extension) =>
                $"The file '{path}' is a table ('{extension}'), whose columns tabs separate; make a .csv of it, or a .jsonl, with {{\"text\": \"…\"}} in every line.",
            _ when FormatOf(path) == TextFormat.Parquet && CompressedFile.NameWithin(path) != path =>
                $"The Parquet file '{path}' is compressed as a whole, and such a file is read from its end; unpack it.",
            _ when Json.Contains(extension) =>
                $"The file '{path}' is JSON ('{extension}'), of which it can't be known what the text is; make a .jsonl of it, with {{\"text\": \"…\"}} in every line. If it is that already, name it .jsonl.",
            _ => null,
        };
        return message is null ? null : new UnusableTextException(extension.ToLowerInvariant(), message);
    }

    /// <summary>How documents stand in a file that may be text.</summary>
    public static TextFormat FormatOf(string path) =>
        Extension(path).ToUpperInvariant() switch
        {
            ".JSONL" or ".NDJSON" => TextFormat.JsonLines,
            ".JSON" => TextFormat.Json,
            ".CSV" => TextFormat.Table,
            ".PARQUET" => TextFormat.Parquet,
            ".WET" or ".WARC" => TextFormat.WebArchive,
            _ => TextFormat.Plain,
        };

    /// <summary>The extension below a compression's: that of <c>a.tar.gz</c> is <c>.tar</c>.</summary>
    private static string Extension(string path) => Path.GetExtension(CompressedFile.NameWithin(path));
}
