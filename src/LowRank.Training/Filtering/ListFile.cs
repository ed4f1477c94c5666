using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>Lists that users give: an entry per line, <c>#</c> before comments, also compressed.</summary>
internal static class ListFile
{
    /// <summary>The entries of all <paramref name="files"/>, without white space around them; blank lines are none.</summary>
    /// <exception cref="InputException">A file can't be read.</exception>
    public static IEnumerable<string> Read(IEnumerable<string> files) =>
        files.SelectMany(file => CompressedFile.Guard(file, () => Read(file)));

    private static List<string> Read(string file)
    {
        using var bytes = HashedStream.Open(file);
        using var content = CompressedFile.Open(file, bytes);
        using var reader = new StreamReader(content);
        var entries = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            var entry = line.Trim();
            if (entry.Length > 0 && entry[0] != '#')
                entries.Add(entry);
        }

        return entries;
    }
}
