using System.Diagnostics;
using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Training.CommandLine;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// One process that trains, resumes, evaluates, generates, fine-tunes, exports and imports in turn for as long as it is let: what it holds
/// at the end is compared with what it held at the beginning.
/// </summary>
internal static class SoakBenchmark
{
    // The first rounds compile, fill pools and start threads.
    private const double WarmUp = 0.1;

    /// <summary>Runs; every round prints a line on standard error.</summary>
    /// <param name="rounds">Rounds of all commands; one takes 5 to 10 seconds on two cores.</param>
    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public static IReadOnlyList<Figure> Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("lowrank-soak-").FullName;
        try
        {
            var uses = new List<ProcessUse>();
            var clock = Stopwatch.StartNew();
            for (var round = 0; round < rounds; round++)
            {
                RunRound(folder, round);
                var use = ProcessUse.Now();
                uses.Add(use);
                Console.Error.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"round {round + 1}, {clock.Elapsed.TotalMinutes:0.0} min: {use.ResidentBytes / 1e6:0.0} MB resident, {use.NativeBytes / 1e6:0.00} MB native, {use.ManagedBytes / 1e6:0.0} MB managed, {use.Handles} handles, {use.Threads} threads"
                    )
                );
            }

            return
            [
                Figure.Of("minutes", [clock.Elapsed.TotalMinutes]),
                Growth("resident memory, last tenth of the rounds / the tenth after the first", uses, use => use.ResidentBytes, 1.02),
                .. uses[0].NativeBytes == 0 ? [] : (Figure[])[Growth("native allocations, likewise", uses, use => use.NativeBytes, 1.02)],
                Growth("managed memory, likewise", uses, use => use.ManagedBytes, 1.05),
                Growth("handles, likewise", uses, use => use.Handles, 1),
                Growth("threads, likewise", uses, use => use.Threads, 1),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Figure Growth(string name, List<ProcessUse> uses, Func<ProcessUse, double> held, double bar)
    {
        var count = Math.Max(1, (int)(uses.Count * WarmUp));
        var early = Figure.Of(name, uses.Skip(count).Take(count).Select(held)).Median;
        return Figure.Of(name, uses.TakeLast(count).Select(use => held(use) / early), bar);
    }

    private static void RunRound(string folder, int round)
    {
        var seed = round.ToString(CultureInfo.InvariantCulture);
        var cache = Path.Combine(folder, "cache");
        var (run, tuned, exported, imported) = (
            Path.Combine(folder, "run"),
            Path.Combine(folder, "tuned"),
            Path.Combine(folder, "exported"),
            Path.Combine(folder, "imported")
        );
        string[] training = ["--batch", "8", "--micro-batch", "4", "--seed", seed, "--cache", cache, "--threads", "1"];
        Execute([
            "train",
            "SoakModel",
            "--variant",
            "guided",
            "--steps",
            "16",
            "--evaluate-every",
            "4",
            "--checkpoint-every",
            "8",
            "--output",
            run,
            .. training,
        ]);
        Execute(["evaluate", run, "--sequences", "32", "--cache", cache, "--threads", "1"]);
        Execute(["generate", run, "--prompt", "The", "--prompt", "A method", "--tokens", "60", "--seed", seed, "--threads", "1"]);
        Execute(["finetune", run, "--method", round % 2 == 0 ? "lora" : "full", "--steps", "8", "--output", tuned, .. training]);
        Execute(["generate", tuned, "--prompt", "The", "--tokens", "60", "--seed", seed, "--threads", "1"]);
        Execute(["export", run, "--to", exported]);
        Execute(["import", exported, "--model", "SoakModel", "--to", imported]);
        Execute(["evaluate", imported, "--sequences", "8", "--cache", cache, "--threads", "1"]);
        foreach (var used in new[] { run, tuned, exported, imported })
            Directory.Delete(used, recursive: true);
    }

    private static void Execute(string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = LowRankApp.RunAsync(arguments, new AppDefaults(), output, error).GetAwaiter().GetResult();
        if (code != 0)
            throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {code}:\n{error}");
    }
}
