using LowRank.Training.Wording;

namespace LowRank.Training.Files;

/// <summary>Tells what the system has no more of from what was asked for wrongly.</summary>
internal static class SystemLimit
{
    // A library that is loaded, a file that is read, a thread that starts: none of them opens more at once.
    private const int FilesToSpare = 8;

    /// <summary>What to do where more files can't be opened.</summary>
    public const string OpenFilesAdvice =
        "More files are to be open at once than the system allows this program; raise the limit ('ulimit -n' shows it, 'ulimit -n 4096' sets it) and start again.";

    // As the system's own messages say it, also within others.
    private const string TooManyOpenFiles = "Too many open files";

    /// <summary>
    /// The refusal of a place: wrong input where another place has to be named, and no more than a failure where room has to be made.
    /// </summary>
    /// <param name="what">What can't be done, without a full stop.</param>
    /// <param name="reason">What the system said.</param>
    /// <param name="instead">What else could be named, such as <c>name another folder</c>.</param>
    public static Exception Refusal(FormattableString what, Exception reason, string instead) =>
        IsFull(reason)
            ? new NoSpaceException(
                $"{OptionSentence.Write(what, property => property)}: {Sentence(reason)} Make room there, or {instead}.",
                reason
            )
            : InputException.Naming($"{what}: {Sentence(reason)} {char.ToUpperInvariant(instead[0])}{instead[1..]}.");

    /// <summary>Whether a disk, or the user's share of it, is full.</summary>
    public static bool IsFull(Exception exception) =>
        exception is NoSpaceException
        || (
            exception is IOException
            && (exception.HResult & 0xFFFF) is var code
            && (OperatingSystem.IsWindows() ? code is 39 or 112 : code == 28 || code == (OperatingSystem.IsMacOS() ? 69 : 122))
        );

    /// <summary>Whether a failure comes of too many open files: by this process, or on this machine.</summary>
    public static bool IsOutOfFiles(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            if (
                one.Message.Contains(TooManyOpenFiles, StringComparison.Ordinal)
                || (
                    one is IOException && (one.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code == 4 : code is 23 or 24)
                )
            )
            {
                return true;
            }
        }

        return HasNoFilesToSpare();
    }

    // A library that couldn't be opened is called missing, and a thread that couldn't be started lack of memory.
    private static bool HasNoFilesToSpare()
    {
        if (OperatingSystem.IsWindows())
            return false;
        var opened = new List<IDisposable>();
        try
        {
            for (var file = 0; file < FilesToSpare; file++)
                opened.Add(File.OpenHandle("/dev/null"));
            return false;
        }
        catch (IOException exception)
        {
            return (exception.HResult & 0xFFFF) is 23 or 24;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            foreach (var handle in opened)
                handle.Dispose();
        }
    }

    private static string Sentence(Exception reason) => TemporaryNames.RemoveFrom(reason.Message).TrimEnd('.') + ".";
}
