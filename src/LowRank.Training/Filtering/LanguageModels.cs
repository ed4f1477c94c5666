using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace LowRank.Training.Filtering;

/// <summary>
/// How often three letters follow one another within a word, in each of 76 languages: the models of trigrams of the package
/// SearchPioneer.Lingua, read once per process and shared. Chinese, Japanese and Korean are told by their letters and have none.
/// </summary>
internal sealed class LanguageModels
{
    /// <summary>
    /// What programs with a rule about languages must name; a library that brings its files along would give them to all.
    /// </summary>
    public const string Package = "SearchPioneer.Lingua";

    /// <summary>A unit of <see cref="Gain"/> in nats.</summary>
    public const double Unit = 1 / 22.0;

    /// <summary>Logarithm of the probability, given the first two letters, of a third that a language doesn't have there.</summary>
    private const double Unseen = -11.5;

    /// <summary>What a program's build makes of the package's files.</summary>
    private static readonly string UsualFolder = Path.Combine(AppContext.BaseDirectory, "Lingua", "LanguageModels");

    private static readonly ConcurrentDictionary<string, Lazy<LanguageModels>> Read = new(StringComparer.Ordinal);

    private readonly ulong[] slots;
    private readonly int[] starts;
    private readonly Gain[] gains;
    private readonly int shift;

    private LanguageModels(string[] languages, ulong[] sorted)
    {
        Languages = languages;
        gains = new Gain[sorted.Length];
        var distinct = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            gains[i] = new Gain((byte)(sorted[i] >> 8), (byte)sorted[i]);
            distinct += i == 0 || sorted[i] >> 16 != sorted[i - 1] >> 16 ? 1 : 0;
        }

        // At most half full, so that a letter's sequence that is in no language is soon known to be in none.
        var bits = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(1, distinct)) + 1;
        shift = 64 - bits;
        slots = new ulong[1 << bits];
        starts = new int[2 << bits];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] >> 16 == sorted[start] >> 16)
                end++;
            var key = sorted[start] >> 16;
            var slot = Slot(key);
            while (slots[slot] != 0)
                slot = (slot + 1) & (slots.Length - 1);
            slots[slot] = key;
            (starts[2 * slot], starts[(2 * slot) + 1]) = (start, end);
        }
    }

    /// <summary>ISO 639-1 codes in ordinal order; a <see cref="Gain"/> names a language by its place in it.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>Reads the models of a folder that holds one of each language.</summary>
    /// <param name="folder">The folder; null for that beside the program.</param>
    /// <exception cref="InputException">They aren't there, or are damaged.</exception>
    public static LanguageModels Load(string? folder) =>
        Read.GetOrAdd(Path.GetFullPath(folder ?? UsualFolder), path => new Lazy<LanguageModels>(() => ReadFolder(path))).Value;

    /// <summary>The key of three letters.</summary>
    public static ulong Key(char first, char second, char third) => ((ulong)first << 32) | ((ulong)second << 16) | third;

    /// <summary>How much likelier three letters are in the languages that have them than in those that don't.</summary>
    public ReadOnlySpan<Gain> Find(ulong key)
    {
        for (var slot = Slot(key); slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            if (slots[slot] == key)
                return gains.AsSpan(starts[2 * slot]..starts[(2 * slot) + 1]);
        }

        return [];
    }

    /// <summary>A hash by multiplication, whose high bits are spread best.</summary>
    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> shift);

    private static LanguageModels ReadFolder(string folder)
    {
        string[] languages = [];
        if (Directory.Exists(folder))
            languages =
            [
                .. Directory.EnumerateDirectories(folder).Where(path => File.Exists(FileIn(path))).Select(path => Path.GetFileName(path)),
            ];
        if (languages.Length == 0)
        {
            throw new InputException(
                $"The rule about languages needs the models of the package {Package}, and there are none in '{folder}'. Add them to the program with `dotnet add package {Package}` and build it again, or leave that rule out."
            );
        }

        Array.Sort(languages, StringComparer.Ordinal);
        var entries = new List<ulong>();
        for (var language = 0; language < languages.Length; language++)
            ReadFile(FileIn(Path.Combine(folder, languages[language])), language, entries);

        var sorted = entries.ToArray();
        Array.Sort(sorted);
        return new LanguageModels(languages, sorted);
    }

    private static string FileIn(string folder) => Path.Combine(folder, "trigrams.json.br");

    /// <summary>Fractions, each with the sequences of letters that have it, separated by spaces.</summary>
    private static void ReadFile(string path, int language, List<ulong> entries)
    {
        try
        {
            using var stream = new BrotliStream(File.OpenRead(path), CompressionMode.Decompress);
            using var model = JsonDocument.Parse(stream);
            foreach (var fraction in model.RootElement.GetProperty("ngrams").EnumerateObject())
            {
                var gain = GainOf(fraction.Name);
                foreach (var letters in fraction.Value.GetString()!.Split(' ').Where(letters => letters.Length == 3))
                    entries.Add((Key(letters[0], letters[1], letters[2]) << 16) | ((ulong)language << 8) | gain);
            }
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or InvalidDataException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw new InputException(
                $"The model of a language '{path}' can't be read: {exception.Message.TrimEnd('.')}. Build the program again, so that the files of the package {Package} are copied anew."
            );
        }
    }

    private static byte GainOf(string fraction)
    {
        var slash = fraction.IndexOf('/', StringComparison.Ordinal);
        var probability =
            double.Parse(fraction.AsSpan(0, Math.Max(0, slash)), CultureInfo.InvariantCulture)
            / double.Parse(fraction.AsSpan(slash + 1), CultureInfo.InvariantCulture);
        return (byte)Math.Clamp(Math.Round((Math.Log(probability) - Unseen) / Unit), 0, byte.MaxValue);
    }

    /// <param name="Language">The place of a language in <see cref="Languages"/>.</param>
    /// <param name="Units">The gain over a language that lacks the letters, in <see cref="Unit"/>.</param>
    internal readonly record struct Gain(byte Language, byte Units);
}
