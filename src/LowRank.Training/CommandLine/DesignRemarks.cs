using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>What is to be said of a varied model, for which no compiler has warned.</summary>
internal static class DesignRemarks
{
    /// <summary>Says it on standard error; of a declared model nothing.</summary>
    public static void Say(AppSession app, ModelEntry entry)
    {
        if (!app.IsFirst)
            return;
        foreach (var remark in ModelLookup.RemarksOf(entry))
            app.Say($"Note: {remark}");
    }
}
