using LowRank.Training.Documents;

namespace LowRank.Training.Pipelines;

/// <summary>A document that a step has dropped, for a reader to judge the step by.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Id">The document's id.</param>
/// <param name="Url">The address of its page; null if unknown.</param>
/// <param name="Beginning">The first few hundred characters of its text.</param>
internal sealed record DroppedExample(string Reason, string Id, string? Url, string Beginning)
{
    private const int Length = 300;

    /// <summary>Of a document.</summary>
    public static DroppedExample Of(Document document, string reason)
    {
        var text = document.Text;
        if (text.Length <= Length)
            return new DroppedExample(reason, document.Id, document.Url, text);

        // Not between the halves of a pair.
        var end = char.IsLowSurrogate(text[Length]) ? Length - 1 : Length;
        return new DroppedExample(reason, document.Id, document.Url, text[..end] + "…");
    }
}
