using System.Collections.Frozen;
using System.Globalization;

namespace LowRank.Training.Filtering;

/// <summary>
/// What English writes as one and counts as several words, or with a period or apostrophe that belongs to the word: contractions,
/// abbreviations, times, emoticons; those that spaCy knows.
/// </summary>
internal static class EnglishExceptions
{
    private const string Abbreviations =
        "Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. Kans. Ky. La. "
        + "Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla. Ore. Pa. S.C. Sep. Sept. Tenn. Va. "
        + "Wash. Wis. a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. "
        + "Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. ä. ö. ü.";

    private const string Whole =
        "' '' \\\") <space> C++ \\t \\n — 'S 's ‘S ‘s 'd 're and/or w/o 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout ma'am Ma'am "
        + "o'clock O'clock lovin' Lovin' lovin Lovin havin' Havin' havin Havin doin' Doin' doin Doin goin' Goin' goin Goin "
        + "nothin' Nothin' nothin Nothin nuthin' Nuthin' nuthin Nuthin ol' Ol' ol Ol somethin' Somethin' somethin Somethin "
        + "em 'em ll 'll nuff 'nuff";

    private const string Emoticons =
        ":) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :(( :-(( :((( :-((( "
        + "): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O :-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> "
        + ":X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O "
        + "0_o o_0 0_0 o.O O.o O.O o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\\(ツ)/¯ "
        + "(╯°□°）╯︵┻━┻ ><(((*>";

    // Words are divided by a bar.
    private const string Divided =
        "y'|all y|all how|'d|'y How|'d|'y not|'ve not|ve Not|'ve Not|ve can|not Can|not gon|na Gon|na got|ta Got|ta let|'s Let|'s c'm|on "
        + "C'm|on °|c|. °|f|. °|k|. °|C|. °|F|. °|K|.";

    private static readonly string[] NotContracted = ["ill", "its", "hell", "shell", "shed", "were", "well", "whore"];

    /// <summary>Lengths of the words, in UTF-16 units, that each text is divided into.</summary>
    public static FrozenDictionary<string, byte[]> Make()
    {
        var exceptions = new Dictionary<string, byte[]>();
        foreach (var (words, endings) in Contractions())
        {
            foreach (var word in words.Split(' '))
            {
                foreach (var ending in endings.Split(' '))
                {
                    // Also without apostrophes, as in "dont".
                    Contract(exceptions, word, ending);
                    Contract(exceptions, word, ending.Replace("'", "", StringComparison.Ordinal));
                }
            }
        }

        for (var hour = 1; hour <= 12; hour++)
        {
            foreach (var half in (ReadOnlySpan<string>)["a.m.", "am", "p.m.", "pm"])
                Add(exceptions, $"{hour}|{half}");
        }

        foreach (var text in $"{Abbreviations} {Whole} {Emoticons}".Split(' '))
            exceptions[text] = [(byte)text.Length];
        for (var letter = 'a'; letter <= 'z'; letter++)
            exceptions[$"{letter}."] = [2];
        foreach (var divided in Divided.Split(' '))
            Add(exceptions, divided);

        foreach (var (text, lengths) in exceptions.Where(entry => entry.Key.Contains('\'')).ToList())
            exceptions[text.Replace('\'', '’')] = lengths;
        return exceptions.ToFrozenDictionary();
    }

    private static IEnumerable<(string Words, string Endings)> Contractions() =>
        [
            ("i", "'m 'm|a"),
            ("i you he she it we they who what when where why how there that this these those", "'ll 'll|'ve 'd 'd|'ve"),
            ("i you we they who what when where why how there these those could might must should would", "'ve"),
            ("you we they who what when where why how there these those", "'re"),
            ("he she it who what when where why how there that this", "'s"),
            ("ca could do does did had may might must need ought sha should wo would", "n't n't|'ve"),
            ("ai are is was were have has dare", "n't"),
        ];

    private static void Contract(Dictionary<string, byte[]> exceptions, string word, string ending)
    {
        var contracted = $"{word}|{ending}";
        if (NotContracted.Contains(contracted.Replace("|", "", StringComparison.Ordinal)))
            return;

        Add(exceptions, contracted);
        Add(exceptions, string.Concat(contracted[..1].ToUpper(CultureInfo.InvariantCulture), contracted.AsSpan(1)));
    }

    private static void Add(Dictionary<string, byte[]> exceptions, string divided) =>
        exceptions[divided.Replace("|", "", StringComparison.Ordinal)] = [.. divided.Split('|').Select(word => (byte)word.Length)];
}
