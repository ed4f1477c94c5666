using LowRank.Training.Documents;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>The rules of a pass, one behind the other, for one thread.</summary>
/// <param name="filters">The rules.</param>
internal sealed class FilterChain(IReadOnlyList<IDocumentFilter> filters)
{
    /// <summary>The rules.</summary>
    public IReadOnlyList<IDocumentFilter> Filters => filters;

    /// <summary>Applies rules until one drops the document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="first">The first rule.</param>
    /// <param name="end">The rule behind the last.</param>
    /// <returns>Which rule has dropped it and why; the end and null for none.</returns>
    public (int Filter, string? Reason) Apply(Document document, int first, int end)
    {
        for (var filter = first; filter < end; filter++)
        {
            if (filters[filter].Apply(document) is { } reason)
                return (filter, reason);
        }

        return (end, null);
    }
}
