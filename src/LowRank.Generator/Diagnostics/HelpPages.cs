namespace LowRank.Generator.Diagnostics;

/// <summary>Where the help page of each rule stands.</summary>
internal static class HelpPages
{
    public const string Folder = "https://github.com/LowRankDsl/LowRankDsl/blob/main/docs/diagnostics/";
}
