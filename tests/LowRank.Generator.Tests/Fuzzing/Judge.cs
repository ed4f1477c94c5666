using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>
/// Holds cases to what is promised of every declaration: nothing throws; and either the language reports an error, or C# refuses what the
/// user wrote, or the whole compiles with what was generated. Cases are judged together and, where there is trouble, one by one and wholly
/// bound. Generator, analyzers and declarations are held to it in every case, the bodies of generated methods in a sample
/// (<see cref="FuzzCase.IsSampled"/>); the catalog's in all.
/// </summary>
internal sealed partial class Judge
{
    private readonly ConcurrentQueue<(FuzzCase Case, string Reason)> complaints = new();

    // What C# says at the user's own once the generated part is there: a partial method that is static here and not where the generator
    // declares it; a member that overrides one that the base class has sealed.
    private static readonly string[] SaidAtTheUsers = ["CS0763", "CS0239"];

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

    public void Try(FuzzCase[] batch) => Try(batch, batch is [{ IsPicked: true }]);

    private void Try(FuzzCase[] batch, bool isWhole)
    {
        try
        {
            Examine(batch, isWhole);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An analyzer, or the compiler itself, which has its limits.
            Halve(batch, exception.ToString());
        }
    }

    private void Examine(FuzzCase[] batch, bool isWhole)
    {
        var run = FuzzRun.Of(batch);
        if (run.Exception is { } exception)
        {
            Halve(batch, exception);
            return;
        }

        var found = run.Findings.Select(finding => NumberOf(finding.Location)).ToHashSet();
        var unparsed = run.Before.SyntaxTrees.Where(tree => tree.GetDiagnostics().Any(IsError)).Select(NumberOf).ToHashSet();
        var open = batch.Where(fuzzed => !found.Contains(fuzzed.Number) && !unparsed.Contains(fuzzed.Number)).ToList();
        var errors = ErrorsOf(open, run, isWhole).ToLookup(error => NumberOf(error.Location));
        if (errors.Contains(null) && batch.Length > 1)
        {
            // Generated code of nobody knows which case.
            Halve(batch, "");
            return;
        }

        foreach (var fuzzed in open)
        {
            var mine = (batch.Length == 1 ? errors.SelectMany(group => group) : errors[fuzzed.Number]).ToList();
            if (mine.Count == 0)
                Interlocked.Increment(ref compiled);
            else if (IsOwn(mine, fuzzed, run))
                Interlocked.Increment(ref rejected);
            else if (batch.Length > 1 || !isWhole)
                Try([fuzzed], isWhole: true);
            else
                complaints.Enqueue((fuzzed, Describe(mine, run)));
        }

        Interlocked.Add(ref refused, batch.Count(fuzzed => found.Contains(fuzzed.Number)));
        Interlocked.Add(ref rejected, batch.Count(fuzzed => !found.Contains(fuzzed.Number) && unparsed.Contains(fuzzed.Number)));
    }

    private void Halve(FuzzCase[] batch, string reason)
    {
        if (batch.Length == 1)
        {
            complaints.Enqueue((batch[0], reason));
            return;
        }

        Try(batch[..(batch.Length / 2)], isWhole: false);
        Try(batch[(batch.Length / 2)..], isWhole: false);
    }

    // Only what has not been refused is bound, and of generated methods only the sample, which takes most of the time.
    private static List<Diagnostic> ErrorsOf(List<FuzzCase> open, FuzzRun run, bool isWhole)
    {
        if (open.Count == 0)
            return [];
        var numbers = open.Select(fuzzed => (int?)fuzzed.Number).ToHashSet();
        var sampled = open.Where(fuzzed => isWhole || fuzzed.IsSampled).Select(fuzzed => (int?)fuzzed.Number).ToHashSet();
        var after = FuzzRun.Compile(run.After.SyntaxTrees.Where(tree => NumberOf(tree) is not { } number || numbers.Contains(number)));
        var bodies = after
            .SyntaxTrees.Where(tree => NumberOf(tree) is not { } number || sampled.Contains(number))
            .SelectMany(tree => after.GetSemanticModel(tree).GetMethodBodyDiagnostics());
        return
        [
            .. after
                .GetParseDiagnostics()
                .Concat(after.GetDeclarationDiagnostics())
                .Concat(bodies)
                .Where(error => IsError(error) && (NumberOf(error.Location) is not { } number || numbers.Contains(number))),
        ];
    }

    private static bool IsOwn(List<Diagnostic> errors, FuzzCase fuzzed, FuzzRun run)
    {
        var own = run
            .Before.SyntaxTrees.Where(tree => NumberOf(tree) == fuzzed.Number)
            .SelectMany(tree => OwnErrors.Of(tree, run.Before))
            .Select(KeyOf)
            .ToHashSet();
        return errors.Any(error =>
            own.Contains(KeyOf(error)) || (SaidAtTheUsers.Contains(error.Id) && run.Before.ContainsSyntaxTree(error.Location.SourceTree))
        );
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string KeyOf(Diagnostic error) => $"{error.Location.SourceTree?.FilePath} {error.Location.SourceSpan} {error.Id}";

    // In a file that several cases share, or that isn't named for its case, the code itself says whose it is.
    private static int? NumberOf(Location location) =>
        location.SourceTree is not { } tree
            ? null
            : NumberOf(tree)
                ?? NumberIn(tree.GetText().Lines.GetLineFromPosition(location.SourceSpan.Start).ToString())
                ?? NumberIn(NamespaceOf(tree));

    private static string NamespaceOf(SyntaxTree tree) =>
        tree.GetRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax)
            .OfType<BaseNamespaceDeclarationSyntax>()
            .FirstOrDefault()
            ?.Name.ToString()
        ?? "";

    // The case of a file, the user's or the generated one; null where its name doesn't tell.
    private static int? NumberOf(SyntaxTree tree) => NumberIn(tree.FilePath);

    private static int? NumberIn(string text) =>
        Named().Match(text) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"(?:\bCase|^/fuzzed/)(\d{1,9})", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    private static string Describe(List<Diagnostic> errors, FuzzRun run)
    {
        var generated = errors
            .Select(error => error.Location.SourceTree)
            .Where(tree => tree is not null && !run.Before.ContainsSyntaxTree(tree))
            .Distinct()
            .Take(2);
        return string.Join("\n", errors.Take(8)) + string.Concat(generated.Select(tree => $"\n// {tree!.FilePath}\n{tree}"));
    }
}
