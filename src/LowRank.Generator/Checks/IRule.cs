using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>One rule of the language. Rules do not know of one another: all of them run, and all report.</summary>
internal interface IRule
{
    /// <param name="declaration">What is declared, right or wrong.</param>
    /// <param name="model">The same with its sizes inferred; sublayers that have none are missing.</param>
    IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model);
}
