using System.Globalization;

namespace LowRank.Training.Data;

/// <summary>Reports how far a pass over text has come, every 16 MB.</summary>
internal sealed class Milestone(IProgress<string>? progress, string activity)
{
    private const long Every = 16_000_000;

    private long next = Every;

    public void Reach(long bytes)
    {
        if (bytes >= next)
        {
            progress?.Report(string.Create(CultureInfo.InvariantCulture, $"{activity}: {bytes / 1e6:0} MB"));
            next = bytes - (bytes % Every) + Every;
        }
    }
}
