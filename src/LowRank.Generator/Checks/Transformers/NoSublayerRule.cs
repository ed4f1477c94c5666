using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A model has at least one sublayer.</summary>
internal sealed class NoSublayerRule : IRule<TransformerDeclaration>
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        if (declaration.Sublayers.Count == 0)
            yield return Finding.Of(ClassRules.NoSublayer, Target.Class, declaration.Type.Name) with
            {
                Attributes = SublayerProposals.For(declaration.Transformer),
            };
    }
}
