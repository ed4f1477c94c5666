extern alias runtime;

using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Generator.Tests.Harness;

/// <summary>Compilations as a user's project has them: nullable, documented, with the runtime and TorchSharp referenced.</summary>
internal static class TestCompilation
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(runtime::LowRank.Models.LanguageModel).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    public static CSharpCompilation Of(params string[] sources) =>
        CSharpCompilation.Create(
            "Declared" + Guid.NewGuid().ToString("N"),
            sources.Select((source, index) => Parse(source, $"/declared/File{index}.cs")),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
            // As the SDK does: TorchSharp was compiled against an older framework.
            .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)])
        );

    public static SyntaxTree Parse(string source, string path, CSharpParseOptions? options = null) =>
        CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), options ?? ParseOptions, path);
}
