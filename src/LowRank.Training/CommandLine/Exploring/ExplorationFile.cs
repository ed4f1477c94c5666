using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>Where an exploration's page goes: to a new file, or over an earlier page, and over nothing else.</summary>
internal static class ExplorationFile
{
    private const int Beginning = 4_096;

    private const string Option = "--html";

    /// <summary>Refuses a place that can't be written, or that something else has.</summary>
    /// <exception cref="InputException">It is a folder, lies within a checkpoint, or is no page of an exploration.</exception>
    public static void Check(string path)
    {
        WritableFolder.CheckFile(path, Option);
        CheckpointPlace.Refuse(path, Option);
        if (File.Exists(path) && !IsPage(path))
            throw new InputException(
                $"{Option} '{path}' is there already and no page of an exploration, so it is not overwritten; choose another."
            );
    }

    /// <summary>Writes the page.</summary>
    /// <exception cref="InputException">The file can't be written.</exception>
    /// <exception cref="NoSpaceException">There is no room for it.</exception>
    public static void Write(string path, string page)
    {
        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(page));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"{Option} '{path}' cannot be written", exception, "name another file");
        }
    }

    private static bool IsPage(string path)
    {
        using var reader = new StreamReader(path);
        var text = new char[Beginning];
        return new string(text, 0, reader.ReadBlock(text)).Contains($"{ExplorationPage.Title}</title>", StringComparison.Ordinal);
    }
}
