extern alias runtime;

using System.Collections.Immutable;
using System.Reflection;
using Basic.Reference.Assemblies;
using LowRank.Generator;
using LowRank.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Ide.Tests.Workspaces;

/// <summary>A user's project in a workspace, as an editor has it open: the generator is attached, and nothing is built.</summary>
internal static class UserProject
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. Net100.References.All,
        Documented(typeof(runtime::LowRank.Models.LanguageModel).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    /// <summary>The first document is the one under test.</summary>
    public static Document Of(params string[] sources)
    {
        var workspace = new AdhocWorkspace();
        var project = ProjectId.CreateNewId();
        var solution = workspace.CurrentSolution.AddProject(
            ProjectInfo.Create(
                project,
                VersionStamp.Default,
                "Declared",
                "Declared" + Guid.NewGuid().ToString("N"),
                LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    nullableContextOptions: NullableContextOptions.Enable
                ).WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]),
                parseOptions: new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Diagnose),
                metadataReferences: References,
                analyzerReferences: [new AnalyzerFileReference(typeof(LowRankGenerator).Assembly.Location, new LoadedAlready())]
            )
        );
        var documents = sources
            .Select((source, index) => (Id: DocumentId.CreateNewId(project), Text: SourceText.From(source), Name: $"File{index}.cs"))
            .ToList();
        foreach (var (id, text, name) in documents)
            solution = solution.AddDocument(id, name, text, filePath: "/declared/" + name);
        return solution.GetDocument(documents[0].Id)!;
    }

    /// <summary>What the analyzers and the compiler say about a project.</summary>
    public static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var analyzed = await compilation
            .WithAnalyzers([new MisplacedAttributeAnalyzer(), new DeclarationAnalyzer()])
            .GetAnalyzerDiagnosticsAsync();
        return [.. analyzed, .. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    private static PortableExecutableReference Documented(string path) =>
        MetadataReference.CreateFromFile(path, documentation: XmlDocumentationProvider.CreateFromFile(Path.ChangeExtension(path, ".xml")));

    // The assembly that the test refers to, not a second copy of it.
    private sealed class LoadedAlready : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath) { }

        public Assembly LoadFromPath(string fullPath) => typeof(LowRankGenerator).Assembly;
    }
}
