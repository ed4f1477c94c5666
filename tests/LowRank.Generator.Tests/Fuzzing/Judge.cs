using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>
/// Holds cases to what is promised of every declaration: nothing throws; and either the language reports an error, or C# refuses what the
/// user wrote, or the whole compiles with what was generated. Cases are judged together and, where there is trouble, one by one.
/// </summary>
internal sealed class Judge
{
    private readonly ConcurrentQueue<(FuzzCase Case, string Reason)> complaints = new();
    private int refused;
    private int rejected;
    private int compiled;

    /// <summary>What was found wrong, in the order of the cases.</summary>
    public IReadOnlyList<(FuzzCase Case, string Reason)> Complaints => [.. complaints.OrderBy(complaint => complaint.Case.Number)];

    /// <summary>Cases in which the language reports an error.</summary>
    public int Refused => refused;

    /// <summary>Cases that C# refuses without the generator.</summary>
    public int Rejected => rejected;

    /// <summary>Cases that compile.</summary>
    public int Compiled => compiled;

    public async Task TryAsync(FuzzCase[] batch)
    {
        try
        {
            await ExamineAsync(batch);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The compiler itself has its limits.
            await TroubleAsync(batch, exception.ToString());
        }
    }

    private async Task ExamineAsync(FuzzCase[] batch)
    {
        var run = await FuzzRun.OfAsync(batch);
        if (run.Exception is { } exception)
        {
            await TroubleAsync(batch, exception);
            return;
        }

        var found = run.Findings.Select(finding => NumberOf(finding.Location.SourceTree)).ToHashSet();
        var unparsed = run.Before.SyntaxTrees.Where(tree => tree.GetDiagnostics().Any(IsError)).Select(NumberOf).ToHashSet();
        var open = batch.Where(fuzzed => !found.Contains(fuzzed.Number) && !unparsed.Contains(fuzzed.Number)).ToList();
        var errors = ErrorsOf(open, run).ToLookup(error => NumberOf(error.Location.SourceTree));
        if (errors.Contains(null) && batch.Length > 1)
        {
            // Generated code of nobody knows which case.
            await TroubleAsync(batch, "");
            return;
        }

        var own = new Lazy<HashSet<string>>(() => [.. OwnErrors.Of(run.Before).Select(KeyOf)]);
        foreach (var fuzzed in open)
        {
            var mine = (batch.Length == 1 ? errors.SelectMany(group => group) : errors[fuzzed.Number]).ToList();
            if (mine.Count == 0)
                Interlocked.Increment(ref compiled);
            else if (mine.Any(error => own.Value.Contains(KeyOf(error))))
                Interlocked.Increment(ref rejected);
            else if (batch.Length > 1)
                await TryAsync([fuzzed]);
            else
                complaints.Enqueue((fuzzed, Describe(mine, run)));
        }

        Interlocked.Add(ref refused, batch.Count(fuzzed => found.Contains(fuzzed.Number)));
        Interlocked.Add(ref rejected, batch.Count(fuzzed => !found.Contains(fuzzed.Number) && unparsed.Contains(fuzzed.Number)));
    }

    private async Task TroubleAsync(FuzzCase[] batch, string reason)
    {
        if (batch.Length == 1)
        {
            complaints.Enqueue((batch[0], reason));
            return;
        }

        await TryAsync(batch[..(batch.Length / 2)]);
        await TryAsync(batch[(batch.Length / 2)..]);
    }

    // Only what has not been refused is bound, which takes most of the time.
    private static IEnumerable<Diagnostic> ErrorsOf(List<FuzzCase> open, FuzzRun run)
    {
        var numbers = open.Select(fuzzed => (int?)fuzzed.Number).ToHashSet();
        return numbers.Count == 0 ? [] : run.After.SyntaxTrees.Where(tree => NumberOf(tree) is not { } number || numbers.Contains(number))
            .SelectMany(tree => run.After.GetSemanticModel(tree).GetDiagnostics()).Where(IsError);
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string KeyOf(Diagnostic error) => $"{error.Location.SourceTree?.FilePath} {error.Location.SourceSpan} {error.Id}";

    // The case of a file, the user's or the generated one; null where it cannot be told.
    private static int? NumberOf(SyntaxTree? tree)
    {
        if (tree is null)
            return null;
        var path = tree.FilePath;
        var digits = path.StartsWith("/fuzzed/", StringComparison.Ordinal) ? path["/fuzzed/".Length..]
            : Path.GetFileName(path).StartsWith("Case", StringComparison.Ordinal) ? Path.GetFileName(path)["Case".Length..]
            : "";
        return int.TryParse(digits.TakeWhile(char.IsAsciiDigit).ToArray(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static string Describe(List<Diagnostic> errors, FuzzRun run)
    {
        var generated = errors.Select(error => error.Location.SourceTree).Where(tree => tree is not null && !run.Before.ContainsSyntaxTree(tree)).Distinct().Take(2);
        return string.Join("\n", errors.Take(8)) + string.Concat(generated.Select(tree => $"\n// {tree!.FilePath}\n{tree}"));
    }
}
