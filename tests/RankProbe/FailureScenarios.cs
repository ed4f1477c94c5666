using System.Diagnostics;
using System.Globalization;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

namespace LowRank.RankProbe;

/// <summary>The last rank fails or dies; the others say what they hear of it, and when.</summary>
internal static class FailureScenarios
{
    /// <summary>It fails with a message while the others wait for it.</summary>
    public static IEnumerable<(string Name, string Value)> Failure(ProcessGroup group) => Await(group, Say);

    /// <summary>The same, after the ranks' threads have met and while they are within a call.</summary>
    public static IEnumerable<(string Name, string Value)> FailureInCall(ProcessGroup group) => AwaitInCall(group, Say);

    /// <summary>It is killed while the others wait for it.</summary>
    public static IEnumerable<(string Name, string Value)> Death(ProcessGroup group) => Await(group, _ => Die());

    /// <summary>The same while they are within a call.</summary>
    public static IEnumerable<(string Name, string Value)> DeathInCall(ProcessGroup group) => AwaitInCall(group, _ => Die());

    private static void Say(ProcessGroup group) => group.Fail(3, "The disk is full.");

    private static void Die() => Process.GetCurrentProcess().Kill();

    private static IEnumerable<(string Name, string Value)> Await(ProcessGroup group, Action<ProcessGroup> end)
    {
        group.Collectives.Barrier();
        if (group.Rank == group.World - 1)
        {
            Thread.Sleep(200);
            yield return ("ended", Now());
            end(group);
        }
        else
        {
            using var numbers = ones(1_000_000);
            group.Collectives.AllReduce([numbers]);
            yield return ("heard", Heard(group));
        }
    }

    private static IEnumerable<(string Name, string Value)> AwaitInCall(ProcessGroup group, Action<ProcessGroup> end)
    {
        // The last rank takes part in the barrier before the operation, and then brings less data than the others expect: these stay in
        // a native call that nobody answers.
        var isLast = group.Rank == group.World - 1;
        using var numbers = ones(isLast ? 1 : 50_000_000);
        group.Collectives.Barrier();
        group.Collectives.Broadcast([numbers], group.World - 1);
        if (isLast)
        {
            Thread.Sleep(500);
            yield return ("ended", Now());
            end(group);
        }
        else
        {
            yield return ("heard", Heard(group));
        }
    }

    private static string Heard(ProcessGroup group)
    {
        try
        {
            group.Collectives.Wait();
            return "nothing";
        }
        catch (RankFailedException)
        {
            return $"{group.Failure} at {Now()}";
        }
    }

    private static string Now() => Stopwatch.GetElapsedTime(0).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
