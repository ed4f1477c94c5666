using System.Collections.Frozen;
using LowRank.Training.Documents;

namespace LowRank.Training.Filtering;

/// <summary>A rule over one document at a time, which it keeps, drops or rewrites. Used by one thread at a time.</summary>
internal interface IDocumentFilter
{
    /// <summary>What it is called in pipelines and reports, such as gopher-quality.</summary>
    string Name { get; }

    /// <summary>Applies the rule, which may rewrite the document's text.</summary>
    /// <returns>Why the document is dropped, in the reference's words; null keeps it.</returns>
    string? Apply(Document document);

    /// <summary>Whether what it does to a document goes by those that came before: such a rule sees a unit in its order.</summary>
    bool DependsOnOrder => false;

    /// <summary>How much was taken out of documents that were looked at, by reason.</summary>
    IReadOnlyDictionary<string, long> Removals => FrozenDictionary<string, long>.Empty;
}
