using LowRank.Training.Wording;

namespace LowRank.Training.Files;

/// <summary>Keeps what a run writes out of the folders that its text is read from.</summary>
internal static class OutputWithinText
{
    /// <summary>Refuses a folder of text, and all beneath it; links are followed.</summary>
    /// <param name="folder">Where a run writes.</param>
    /// <param name="name">What asks for it, as messages name it: an <see cref="OptionName"/>, or a text.</param>
    /// <param name="texts">Files and folders of text.</param>
    /// <exception cref="InputException">It is one.</exception>
    public static void Refuse(string folder, object name, IEnumerable<string> texts)
    {
        var output = RealPath.OfAny(folder);
        foreach (var text in texts.Where(Directory.Exists))
        {
            var read = RealPath.OfAny(text);
            var isSame = string.Equals(output, read, StringComparison.Ordinal);
            if (
                isSame || output.StartsWith(Path.TrimEndingDirectorySeparator(read) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            )
            {
                throw InputException.Naming(
                    $"{name} '{folder}' {(isSame ? "is" : "lies within")} the folder of text '{text}': the run's own files would be among the text when it goes on. Choose another {name}."
                );
            }
        }
    }
}
