using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.MSBuild;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Package.Tests.Editors;

/// <summary>
/// Roslyn's own IDE services over an MSBuild workspace, as Visual Studio and VS Code have them: analyzers, fixes and refactorings come from
/// the packages that the project references, and from nowhere else. The services are no public interface, so they are found by name.
/// </summary>
internal sealed class IdeServices : IDisposable
{
    private static readonly Assembly Features = Assembly.Load("Microsoft.CodeAnalysis.Features");

    private readonly MefHostServices host = MefHostServices.Create([
        .. MSBuildMefHostServices.DefaultAssemblies,
        Features,
        Assembly.Load("Microsoft.CodeAnalysis.CSharp.Features"),
    ]);

    private readonly MSBuildWorkspace workspace;

    public IdeServices() => workspace = MSBuildWorkspace.Create(new Dictionary<string, string>(), host);

    /// <summary>Opens a restored project.</summary>
    public Task<Project> OpenAsync(string path, CancellationToken cancellation) =>
        workspace.OpenProjectAsync(path, cancellationToken: cancellation);

    /// <summary>What the light bulb offers as fixes at a place.</summary>
    public async Task<IReadOnlyList<CodeAction>> FixesAsync(Document document, TextSpan span, CancellationToken cancellation)
    {
        var actions = new List<CodeAction>();
        var found = (IAsyncEnumerable<object>)Ask("CodeFixes.ICodeFixService", "StreamFixesAsync", document, span, null, cancellation);
        await foreach (var collection in found)
        {
            foreach (var fix in (IEnumerable)Get(collection, "Fixes"))
                actions.Add((CodeAction)Get(fix, "Action"));
        }

        return actions;
    }

    /// <summary>What it offers as refactorings there.</summary>
    public async Task<IReadOnlyList<CodeAction>> RefactoringsAsync(Document document, TextSpan span, CancellationToken cancellation)
    {
        var found = (Task)Ask("CodeRefactorings.ICodeRefactoringService", "GetRefactoringsAsync", document, span, null, cancellation);
        await found;
        return
        [
            .. from object refactoring in (IEnumerable)Get(found, "Result")
            from object pair in (IEnumerable)Get(refactoring, "CodeActions")
            select (CodeAction)Get(pair, "Item1"),
        ];
    }

    /// <summary>The document's text after an action.</summary>
    public static async Task<string> ApplyAsync(CodeAction action, Document document, CancellationToken cancellation)
    {
        var operations = await action.GetOperationsAsync(document.Project.Solution, new Progress<CodeAnalysisProgress>(), cancellation);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync(cancellation)).ToString();
    }

    public void Dispose() => workspace.Dispose();

    private object Ask(string service, string method, params object?[] arguments)
    {
        var type = Features.GetType($"Microsoft.CodeAnalysis.{service}", throwOnError: true)!;
        var exports = typeof(MefHostServices)
            .GetInterfaces()
            .Single(contract => contract.Name == "IMefHostExportProvider")
            .GetMethods()
            .Single(candidate => candidate.Name == "GetExports" && candidate.GetGenericArguments().Length == 1)
            .MakeGenericMethod(type);
        var export = ((IEnumerable)exports.Invoke(host, null)!).Cast<object>().Single();
        return type.GetMethod(method)!.Invoke(Get(export, "Value"), arguments)!;
    }

    private static object Get(object owner, string member)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var type = owner.GetType();
        return type.GetProperty(member, Any)?.GetValue(owner) ?? type.GetField(member, Any)!.GetValue(owner)!;
    }
}
