namespace LowRank.Cuda;

/// <summary>Where it is told that kernels can't be had, and why.</summary>
internal static class KernelMessages
{
    /// <summary>What happens instead, as every line ends.</summary>
    public const string Instead = "libtorch's operations take their place";

    /// <summary>Takes a line. Standard error, unless somebody else takes it.</summary>
    public static Action<string> Tell { get; set; } = WriteToStandardError;

    private static void WriteToStandardError(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody reads it: no reason to end a run.
        }
    }
}
