namespace LowRank.Cuda;

/// <summary>NVRTC refuses.</summary>
/// <param name="reason">What it says.</param>
/// <param name="log">Its log: files, lines and errors; maybe empty.</param>
/// <param name="isAboutTheText">Whether the text is wrong. Otherwise NVRTC itself doesn't work, whatever it is given.</param>
internal sealed class NvrtcException(string reason, string log, bool isAboutTheText)
    : Exception(log.Length == 0 ? reason : $"{reason}:{Environment.NewLine}{log}")
{
    /// <summary>Whether the text is wrong. Otherwise NVRTC itself doesn't work, whatever it is given.</summary>
    public bool IsAboutTheText => isAboutTheText;

    /// <summary>The log's first error, on one line.</summary>
    public string FirstError
    {
        get
        {
            var lines = log.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? reason;
        }
    }

    /// <summary>The same, saying what was compiled.</summary>
    public NvrtcException While(string compiling) => new($"{compiling}: {reason}", log, isAboutTheText);
}
