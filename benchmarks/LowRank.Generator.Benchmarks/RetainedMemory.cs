namespace LowRank.Generator.Benchmarks;

/// <summary>
/// What stays on the managed heap while somebody types: a pipeline that holds on to old compilations grows with every edit.
/// </summary>
internal static class RetainedMemory
{
    private const int Models = 100;

    private const int Edits = 1_000;

    private const double MebiByte = 1 << 20;

    public static IEnumerable<Figure> Measure()
    {
        var project = new Project(Models);
        Type(project, 20);
        var first = Heap();
        Type(project, Edits);
        var last = Heap();
        GC.KeepAlive(project);
        yield return Of("heap after the first edits, 100 models", first / MebiByte, "MiB", null);
        yield return Of("heap after 1,000 more edits, 100 models", last / MebiByte, "MiB", null);
        yield return Of("heap after 1,000 edits ÷ before", last / first, "ratio", 1.05);
    }

    private static void Type(Project project, int edits)
    {
        for (var edit = 0; edit < edits; edit++)
            (edit % 10 == 0 ? project.ModelEdit() : project.UnrelatedKeystroke())();
    }

    private static double Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static Figure Of(string name, double value, string unit, double? bar) => new(name, value, value, value, unit, bar);
}
