using LowRank.Training.Files;

namespace LowRank.Training.Documents;

/// <summary>
/// The files below a folder that may be text, in ordinal order of their relative paths with forward slashes. Links are followed; a folder
/// that was met before is passed over, so that links to a parent end.
/// </summary>
internal sealed class TextFolder
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly List<string> files = [];
    private readonly List<SkippedText> skipped = [];

    // Two names of a folder are one folder where letters' case doesn't matter; where it does, nothing is lost but a second reading.
    private readonly HashSet<string> met = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private TextFolder() { }

    /// <summary>Full paths of the files that may be text.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>What was passed over by its name or kind.</summary>
    public IReadOnlyList<SkippedText> Skipped => skipped;

    /// <exception cref="InputException">The folder cannot be opened.</exception>
    public static TextFolder Search(string folder, CancellationToken cancellation)
    {
        var search = new TextFolder();
        try
        {
            search.Visit(folder, RealPath.Of(folder), cancellation);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new InputException($"The folder '{folder}' cannot be read: {exception.Message} Make it readable, or name the files.");
        }

        return search;
    }

    private void Visit(string folder, string real, CancellationToken cancellation)
    {
        met.Add(real);

        // A folder's files come where its name with the slash behind it would: so all relative paths are in ordinal order.
        IEnumerable<FileSystemInfo> entries = new DirectoryInfo(folder)
            .EnumerateFileSystemInfos("*", Everything)
            .OrderBy(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, entry.Name);
            if (entry.Name.StartsWith('.') || (entry.Attributes & (FileAttributes.Hidden | FileAttributes.System)) != 0)
                Skip(path, "hidden");
            else if (entry is DirectoryInfo)
                TryVisit(path, entry, real, cancellation);
            else
                Take(path, entry);
        }
    }

    private void TryVisit(string path, FileSystemInfo entry, string realParent, CancellationToken cancellation)
    {
        try
        {
            var real = entry.LinkTarget is null ? Path.Combine(realParent, entry.Name) : RealPath.Of(path);
            if (met.Contains(real))
            {
                Skip(path, "links to folders met before");
                return;
            }

            Visit(path, real, cancellation);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            Skip(path, "folders that can't be opened");
        }
    }

    private void Take(string path, FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null && !Exists(path))
            Skip(path, "links to nothing");
        else if (SpecialFile.Kind(path) is not null)
            Skip(path, "pipes, sockets or devices");
        else if (TextKind.WhyNotText(path) is { } why)
            Skip(path, why.Reason);
        else
            files.Add(path);
    }

    private static bool Exists(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: true) is { Exists: true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Links in a circle, or into a folder that can't be opened.
            return false;
        }
    }

    private void Skip(string path, string reason) => skipped.Add(new SkippedText(path, reason));
}
