using System.Reflection;
using System.Runtime.Loader;
using LowRank.Layers;
using LowRank.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Declarations as a user's project compiles them, with the generator; warnings are errors.</summary>
internal sealed class CompiledDeclarations
{
    private readonly Assembly assembly;

    private CompiledDeclarations(Assembly assembly) => this.assembly = assembly;

    /// <summary>Compiles files.</summary>
    public static CompiledDeclarations Of(IEnumerable<string> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Declared" + Guid.NewGuid().ToString("N"),
            sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, options, $"File{index}.cs", System.Text.Encoding.UTF8)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        var driver = CSharpGeneratorDriver.Create([Generator().AsSourceGenerator()], parseOptions: options);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var reported);
        Assert.Empty(reported);
        // The catalog is the whole process's, and other tests count what is in it.
        updated = updated.RemoveSyntaxTrees(
            updated.SyntaxTrees.Where(tree => tree.FilePath.EndsWith("LowRank.Generated.DeclaredModels.g.cs", StringComparison.Ordinal))
        );
        using var stream = new MemoryStream();
        var emitted = updated.Emit(stream);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(one => one.Severity.ToString() == "Error")));
        stream.Position = 0;
        return new(AssemblyLoadContext.Default.LoadFromStream(stream));
    }

    /// <summary>A model without memory.</summary>
    public LanguageModel Model(string name) =>
        (LanguageModel)
            Activator.CreateInstance(
                assembly.GetType("Models." + name, throwOnError: true)!,
                new ModelOptions { Device = new(DeviceType.META), Initialize = false }
            )!;

    /// <summary>A constant of its costs.</summary>
    public object Cost(string name, string constant) =>
        assembly.GetType($"Models.{name}+Cost", throwOnError: true)!.GetField(constant)!.GetRawConstantValue()!;

    // Of the configuration that the tests were built in. It isn't referenced: it holds the language's enums once more.
    private static IIncrementalGenerator Generator()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "LowRankDsl.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("LowRankDsl.sln");
        var path = Path.Combine(root.FullName, "src", "LowRank.Generator", "bin", configuration, "netstandard2.0", "LowRank.Generator.dll");
        return (IIncrementalGenerator)
            Activator.CreateInstance(Assembly.LoadFrom(path).GetType("LowRank.Generator.LowRankGenerator", throwOnError: true)!)!;
    }
}
