using System.Text;
using System.Xml;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the English in an XML documentation file: markup is dropped, references give the names that they show, white space is folded.
/// </summary>
internal static class DocumentationProse
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Elements inside a sentence; every other element begins and ends a paragraph.</summary>
    private static readonly HashSet<string> Inline = new(StringComparer.Ordinal)
    {
        "see",
        "paramref",
        "typeparamref",
        "xref",
        "c",
        "code",
        "b",
        "i",
        "a",
        "em",
        "strong",
        "sup",
        "sub",
        "u",
        "tt",
        "span",
        "term",
        "description",
    };

    /// <summary>Elements that hold no sentence of their own: headings of tables, lists of links.</summary>
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { "listheader", "seealso", "inheritdoc", "include" };

    /// <summary>The members of a file in its order, each with its name and paragraphs; members without prose are left out.</summary>
    /// <exception cref="XmlException">The file is not well-formed.</exception>
    public static IEnumerable<(string Member, IReadOnlyList<string> Paragraphs)> ReadMembers(Stream file)
    {
        using var reader = XmlReader.Create(file, Settings);
        while (reader.ReadToFollowing("member"))
        {
            var name = reader.GetAttribute("name") ?? "";
            var paragraphs = reader.IsEmptyElement ? [] : ReadParagraphs(reader);
            if (paragraphs.Count > 0)
                yield return (name, paragraphs);
        }
    }

    private static List<string> ReadParagraphs(XmlReader reader)
    {
        var paragraphs = new List<string>();
        var paragraph = new StringBuilder();
        var depth = reader.Depth;
        var more = reader.Read();
        while (more && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && Skipped.Contains(reader.Name))
            {
                reader.Skip();
                continue;
            }

            Append(reader, paragraph, paragraphs);
            more = reader.Read();
        }

        EndParagraph(paragraph, paragraphs);
        return paragraphs;
    }

    private static void Append(XmlReader reader, StringBuilder paragraph, List<string> paragraphs)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                AppendFolded(reader.Value, paragraph);
                break;
            case XmlNodeType.Element or XmlNodeType.EndElement when !Inline.Contains(reader.Name):
                EndParagraph(paragraph, paragraphs);
                break;
            case XmlNodeType.Element when reader.Name == "description" && paragraph.Length > 0:
                // A row of a list: what precedes the description is the term that it describes.
                paragraph.Length -= paragraph[^1] == ' ' ? 1 : 0;
                paragraph.Append(": ");
                break;
            case XmlNodeType.Element when reader.IsEmptyElement:
                AppendFolded(ReferenceText(reader), paragraph);
                break;
        }
    }

    /// <summary>What an empty inline element shows.</summary>
    private static string ReferenceText(XmlReader reader)
    {
        var reference = reader.GetAttribute("cref") ?? reader.GetAttribute("uid");
        return reference is not null
            ? DocumentationName.Short(reference)
            : reader.GetAttribute("langword") ?? reader.GetAttribute("name") ?? reader.GetAttribute("href") ?? "";
    }

    private static void AppendFolded(string text, StringBuilder paragraph)
    {
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character))
                paragraph.Append(character);
            else if (paragraph.Length > 0 && paragraph[^1] != ' ')
                paragraph.Append(' ');
        }
    }

    private static void EndParagraph(StringBuilder paragraph, List<string> paragraphs)
    {
        var text = paragraph.ToString().TrimEnd();
        paragraph.Clear();
        if (text.Any(char.IsLetter))
            paragraphs.Add(text);
    }
}
