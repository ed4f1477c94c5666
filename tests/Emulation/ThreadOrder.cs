namespace LowRank.Tests.Emulation;

/// <summary>In which order the threads of a block, and the blocks, take their turns. Results must not depend on it.</summary>
[Flags]
internal enum ThreadOrder
{
    /// <summary>From the first to the last.</summary>
    Ascending = 0,

    /// <summary>Threads from the last to the first.</summary>
    ThreadsDescending = 1,

    /// <summary>Blocks from the last to the first.</summary>
    BlocksDescending = 2,

    /// <summary>Both.</summary>
    Descending = ThreadsDescending | BlocksDescending,
}
