using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>
/// The corpus that needs no download: the API documentation that every .NET SDK ships beside its reference assemblies, about 10 MB of
/// distinct English. A document is what is said about one type and its members. A paragraph counts once, where it is first met, so that
/// sentences repeated thousands of times neither fill the text nor stand on both sides of the split.
/// </summary>
public sealed class SdkDocumentation : IDocumentSource
{
    private static readonly OptionName OwnText = new(TextOptions.Paths);
    private readonly string packs;
    private readonly IReadOnlyList<string> files;

    // Reads every file: whoever only looks whether the documentation is there does without.
    private readonly Lazy<string> identity;

    /// <summary>The documentation of the .NET installation in the folder <paramref name="dotnetRoot"/>.</summary>
    /// <exception cref="InputException">The reference packs are not there or come without documentation.</exception>
    internal SdkDocumentation(string dotnetRoot)
        : this(dotnetRoot, ReferencePack.DocumentationFiles(dotnetRoot))
    {
        if (files.Count == 0)
            throw Missing([dotnetRoot]);
    }

    private SdkDocumentation(string dotnetRoot, IReadOnlyList<string> files)
    {
        packs = ReferencePack.PacksFolder(dotnetRoot);
        this.files = files;
        string[] versions = [.. files.Select(file => string.Join(' ', file.Split('/').Take(2))).Distinct()];
        Description = $"API documentation of the .NET SDK ({string.Join(", ", versions)})";
        identity = new Lazy<string>(() =>
            string.Join(
                '\n',
                files.Select(file =>
                    $"sdk {file} {CompressedFile.Guard(FullPath(file), () => HashedStream.HashOf(FullPath(file), CancellationToken.None))}"
                )
            )
        );
    }

    /// <inheritdoc cref="IDocumentSource.Description"/>
    internal string Description { get; }

    string IDocumentSource.Description => Description;

    string IDocumentSource.Identity => identity.Value;

    /// <summary>The documentation of the .NET installation that runs this program, or of another one on this machine.</summary>
    /// <exception cref="InputException">None has the reference packs with their documentation; the message says where they were
    /// sought.</exception>
    public static SdkDocumentation Find()
    {
        var roots = DotnetInstallation.Roots();
        foreach (var root in roots)
        {
            var files = ReferencePack.DocumentationFiles(root);
            if (files.Count > 0)
                return new SdkDocumentation(root, files);
        }

        throw Missing(roots);
    }

    IReadOnlyList<SkippedText> IDocumentSource.Skipped => [];

    IEnumerable<byte[]> IDocumentSource.ReadDocuments(CancellationToken cancellation)
    {
        var seen = new HashSet<UInt128>();
        var document = new StringBuilder();
        var type = "";
        foreach (var (member, paragraphs) in ReadMembers())
        {
            cancellation.ThrowIfCancellationRequested();
            var declaringType = DocumentationName.DeclaringType(member);
            if (declaringType != type && document.Length > 0)
            {
                yield return Encoding.UTF8.GetBytes(document.ToString());
                document.Clear();
            }

            type = declaringType;
            AppendMember(document, paragraphs.Where(paragraph => seen.Add(Hash(paragraph))));
        }

        if (document.Length > 0)
            yield return Encoding.UTF8.GetBytes(document.ToString());
    }

    /// <summary>The paragraphs about one library, each where it is first met.</summary>
    /// <param name="library">The name of its assembly, such as <c>System.Text.Json</c>.</param>
    /// <exception cref="InputException">The library has no documentation here.</exception>
    public IEnumerable<string> ReadParagraphs(string library)
    {
        string file =
            files.FirstOrDefault(file => file.EndsWith($"/{library}.xml", StringComparison.Ordinal))
            ?? throw new InputException($"'{packs}' holds no documentation of '{library}'.");
        using var xml = File.OpenRead(FullPath(file));
        return DocumentationProse.ReadMembers(xml).SelectMany(member => member.Paragraphs).Distinct(StringComparer.Ordinal).ToList();
    }

    private static void AppendMember(StringBuilder document, IEnumerable<string> paragraphs)
    {
        // A blank line between members, one line for each paragraph.
        var text = string.Join('\n', paragraphs);
        if (text.Length > 0)
            document.Append(document.Length > 0 ? "\n\n" : "").Append(text);
    }

    private static UInt128 Hash(string paragraph) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(paragraph.AsSpan()));

    private IEnumerable<(string Member, IReadOnlyList<string> Paragraphs)> ReadMembers()
    {
        // The packs share many files; what was read once says nothing new.
        var contents = new HashSet<UInt128>();
        foreach (var file in files)
        {
            var xml = CompressedFile.Guard(FullPath(file), () => File.ReadAllBytes(FullPath(file)));
            if (!contents.Add(XxHash128.HashToUInt128(xml)))
                continue;

            using IEnumerator<(string, IReadOnlyList<string>)> members = DocumentationProse
                .ReadMembers(new MemoryStream(xml))
                .GetEnumerator();
            while (MoveNext(members, file))
                yield return members.Current;
        }
    }

    private bool MoveNext(IEnumerator<(string, IReadOnlyList<string>)> members, string file)
    {
        try
        {
            return members.MoveNext();
        }
        catch (XmlException exception)
        {
            throw InputException.Naming(
                $"The documentation file '{FullPath(file)}' is damaged: {exception.Message} Repair the .NET SDK, or give text of your own with {OwnText}."
            );
        }
    }

    private string FullPath(string file) => Path.Combine(packs, file.Replace('/', Path.DirectorySeparatorChar));

    private static InputException Missing(IEnumerable<string> roots) =>
        InputException.Naming(
            $"The default text, the API documentation of the .NET SDK (packs/Microsoft.NETCore.App.Ref/*/ref/*/*.xml), was not found under {string.Join(" or ", roots.Select(root => $"'{root}'"))}. Install the .NET SDK (a runtime alone does not bring it), or give text of your own with {OwnText}."
        );
}
