using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Benchmarks;

/// <summary>Looks for the attributes that declare classes as the generator does, and makes nothing of them.</summary>
internal sealed class LookupGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var attribute in new[] { "LowRank.TransformerAttribute", "LowRank.ModuleAttribute" })
        {
            var found = context.SyntaxProvider.ForAttributeWithMetadataName(attribute, static (_, _) => true, static (_, _) => true);
            context.RegisterSourceOutput(found, static (_, _) => { });
        }
    }
}
