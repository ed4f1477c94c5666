using System.Globalization;
using System.Text;
using LowRank.Generator.Model;
using LowRank.Training.Files;
using LowRank.Training.Json;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Variations;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Declarations;

/// <summary>The C# declaration of a checkpoint, made from its <c>config.json</c> alone.</summary>
/// <param name="Architecture">The checkpoint's architecture.</param>
/// <param name="Class">The class's name.</param>
/// <param name="Text">The file's text.</param>
internal sealed record WrittenDeclaration(Architecture Architecture, string Class, string Text)
{
    private const string Fallback = "Model";

    // That of the template. Analyzers want every public class in one.
    private const string UsualNamespace = "Models";
    private const int MostShown = 4;

    /// <summary>Makes it.</summary>
    /// <param name="folder">The folder of a Hugging Face checkpoint.</param>
    /// <param name="name">The class's name, behind that of its namespace where it is to be another one than <c>Models</c>; null for one
    /// made
    /// of the folder's.</param>
    /// <exception cref="InputException">The file can't be read, the name is none of a class, or the compiler would refuse the
    /// declaration.</exception>
    public static WrittenDeclaration Of(string folder, string? name)
    {
        var config = PretrainedConfig.Read(folder);
        if (name is not null && !name.Split('.').All(IsIdentifier))
            throw new InputException(
                $"'{ShownText.Of(name)}' is no name of a class; use letters, digits and _, a letter first, no keyword, and dots behind namespaces, as in My.Models.Name."
            );
        var dot = name?.LastIndexOf('.') ?? -1;
        var named = Named(config.Facts, name?[(dot + 1)..] ?? NameOf(folder), isChosen: name is not null);
        var declaration = named with { Type = named.Type with { Namespace = dot < 0 ? UsualNamespace : name![..dot] } };
        var refusals = VariedModel.Refusals(declaration);
        if (refusals.Count > 0)
            throw new InputException(
                $"{Path.Combine(folder, PretrainedConfig.FileName)} can't be declared as {declaration.Type.Name}: {string.Join("; ", refusals.Take(MostShown))}."
            );
        return new(
            config.Architecture,
            declaration.Type.Name,
            DeclarationText.Of(declaration, $"A {config.Architecture.Key()} checkpoint, as its {PretrainedConfig.FileName} says it.")
        );
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">A new file.</param>
    /// <exception cref="InputException">It is there already, or can't be written.</exception>
    public void WriteTo(string path)
    {
        if (Path.Exists(path))
            throw new InputException($"'{path}' is there already; name a new file.");
        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(Text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SystemLimit.Refusal($"'{path}' cannot be written", exception, "choose another file");
        }
    }

    /// <summary>The name of a class made of a folder's: <c>Qwen3-0.6B</c> becomes <c>Qwen306B</c>.</summary>
    public static string NameOf(string folder)
    {
        var name = new StringBuilder();
        var isFirst = true;
        foreach (var letter in Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                isFirst = true;
                continue;
            }

            name.Append(isFirst ? char.ToUpperInvariant(letter) : letter);
            isFirst = false;
        }

        return name.Length == 0 ? Fallback
            : char.IsAsciiDigit(name[0]) ? $"{Fallback}{name}"
            : name.ToString();
    }

    // A name that the declaration needs for something else gets a word more, unless it was asked for.
    private static TransformerDeclaration Named(TransformerFacts facts, string name, bool isChosen)
    {
        var declaration = FactDeclaration.Of(facts, name);
        var isTaken =
            name == nameof(Sublayer)
            || declaration.Sublayers.Any(sublayer => sublayer.Property.Name == name || sublayer.Property.Name + "Layer" == name);
        if (!isTaken)
            return declaration;
        return isChosen
            ? throw new InputException($"A declaration needs the name {name} for something else; choose another.")
            : FactDeclaration.Of(facts, name + Fallback);
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0
        && (char.IsLetter(name[0]) || name[0] == '_')
        && name.All(letter =>
            char.IsLetterOrDigit(letter) || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.ConnectorPunctuation
        )
        && !Keywords.Contains(name);

    // Those that C# doesn't take as a name of a class; contextual ones that it does are left out.
    private static readonly HashSet<string> Keywords = new(
        (
            "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event "
            + "explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null "
            + "object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static "
            + "string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while "
            + "record required scoped file partial var dynamic nameof field await"
        ).Split(' '),
        StringComparer.Ordinal
    );
}
