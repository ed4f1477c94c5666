using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>One rule about modules. All of them run, and all report.</summary>
internal interface IModuleRule
{
    /// <param name="declaration">What is declared, right or wrong.</param>
    IEnumerable<Finding> Check(ModuleDeclaration declaration);
}
