using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>The properties that regular expressions call by name: general categories, the main scripts, POSIX brackets.</summary>
internal static class CharacterProperties
{
    private static readonly string[] CategoryNames =
    [
        "lu",
        "ll",
        "lt",
        "lm",
        "lo",
        "mn",
        "mc",
        "me",
        "nd",
        "nl",
        "no",
        "zs",
        "zl",
        "zp",
        "cc",
        "cf",
        "cs",
        "co",
        "pc",
        "pd",
        "ps",
        "pe",
        "pi",
        "pf",
        "po",
        "sm",
        "sc",
        "sk",
        "so",
        "cn",
    ];

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["letter"] = "l",
        ["uppercaseletter"] = "lu",
        ["lowercaseletter"] = "ll",
        ["titlecaseletter"] = "lt",
        ["modifierletter"] = "lm",
        ["otherletter"] = "lo",
        ["mark"] = "m",
        ["nonspacingmark"] = "mn",
        ["spacingmark"] = "mc",
        ["enclosingmark"] = "me",
        ["number"] = "n",
        ["decimalnumber"] = "nd",
        ["letternumber"] = "nl",
        ["othernumber"] = "no",
        ["punctuation"] = "p",
        ["connectorpunctuation"] = "pc",
        ["dashpunctuation"] = "pd",
        ["openpunctuation"] = "ps",
        ["closepunctuation"] = "pe",
        ["initialpunctuation"] = "pi",
        ["finalpunctuation"] = "pf",
        ["otherpunctuation"] = "po",
        ["symbol"] = "s",
        ["mathsymbol"] = "sm",
        ["currencysymbol"] = "sc",
        ["modifiersymbol"] = "sk",
        ["othersymbol"] = "so",
        ["separator"] = "z",
        ["spaceseparator"] = "zs",
        ["lineseparator"] = "zl",
        ["paragraphseparator"] = "zp",
        ["other"] = "c",
        ["control"] = "cc",
        ["format"] = "cf",
        ["surrogate"] = "cs",
        ["privateuse"] = "co",
        ["unassigned"] = "cn",
        ["whitespace"] = "space",
    };

    private static readonly Lazy<Dictionary<string, CharacterSet>> Scripts = new(ReadScripts);

    /// <summary>What <c>\p{name}</c> means; null where that isn't known. Case, spaces, dashes and underscores don't count.</summary>
    public static CharacterSet? Find(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (letter is not (' ' or '-' or '_'))
                key.Append(char.ToLowerInvariant(letter));
        }

        var found = LongNames.GetValueOrDefault(key.ToString(), key.ToString());
        return Category(found) ?? Bracket(found) ?? Scripts.Value.GetValueOrDefault(found);
    }

    /// <summary>What <c>[:name:]</c> means; null where that isn't known.</summary>
    public static CharacterSet? Bracket(string name) =>
        name switch
        {
            "space" => CharacterSet.Space,
            "digit" => CharacterSet.Digit,
            "word" => CharacterSet.Word,
            "xdigit" => CharacterSet.Hexadecimal,
            "any" => CharacterSet.All,
            "ascii" => CharacterSet.Range(0, 127),
            "cntrl" => Category("cc"),
            "blank" => CharacterSet.Union([Category("zs")!, CharacterSet.Of('\t')]),
            "punct" => CharacterSet.Union([
                Category("p")!,
                CharacterSet.Of([('$', '$'), ('+', '+'), ('<', '>'), ('^', '^'), ('`', '`'), ('|', '|'), ('~', '~')]),
            ]),
            _ => null,
        };

    private static CharacterSet? Category(string name)
    {
        if (name.Length is not (1 or 2))
            return null;
        UnicodeCategory[] found =
        [
            .. Enumerable
                .Range(0, CategoryNames.Length)
                .Where(category => CategoryNames[category].StartsWith(name, StringComparison.Ordinal))
                .Select(category => (UnicodeCategory)category),
        ];
        return found.Length > 0 ? CharacterSet.Category(found) : null;
    }

    private static Dictionary<string, CharacterSet> ReadScripts()
    {
        var scripts = new Dictionary<string, CharacterSet>(StringComparer.Ordinal);
        using var stream = typeof(CharacterProperties).Assembly.GetManifestResourceStream("Scripts.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var parts = line.Split(' ');
            scripts[parts[0]] = CharacterSet.Of([.. parts.Skip(1).Select(Range)]);
        }

        return scripts;
    }

    private static (int First, int Last) Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (Hexadecimal(text), Hexadecimal(text)) : (Hexadecimal(text[..dash]), Hexadecimal(text[(dash + 1)..]));
    }

    private static int Hexadecimal(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
