using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Data.Examples;

/// <summary>
/// What a folder of prepared examples holds. It is written last, and a folder is believed only if all of it is as said here.
/// </summary>
internal sealed record ExampleManifest
{
    private const string FileName = "examples.json";

    /// <summary>The format and its version.</summary>
    public const string Current = "lowrank-examples-1";

    public required string Format { get; init; }

    public required string Description { get; init; }

    public required string Tokenizer { get; init; }

    public required ExampleFiles Training { get; init; }

    public required ExampleFiles Validation { get; init; }

    /// <summary>How many examples were passed over since nothing of them counts.</summary>
    public required long Empty { get; init; }

    /// <summary>A hash of the tokenizer and both splits, 32 hexadecimal digits; the same on every machine for the same examples.</summary>
    public string Fingerprint() =>
        XxHash128
            .HashToUInt128(Encoding.UTF8.GetBytes($"{Current} {Tokenizer} {Of(Training)} {Of(Validation)}"))
            .ToString("x32", CultureInfo.InvariantCulture);

    public void Save(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, DataJson.Default.ExampleManifest));

    /// <exception cref="InvalidDataException">It is missing or unreadable.</exception>
    public static ExampleManifest Load(string folder)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), DataJson.Default.ExampleManifest);
            return manifest is { Format: Current, Training.Examples: > 0, Validation.Examples: > 0, Description: not null }
                ? manifest
                : throw new InvalidDataException($"The folder '{folder}' describes no examples of the format {Current}.");
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"The folder '{folder}' has no usable description: {exception.Message}", exception);
        }
    }

    private static string Of(ExampleFiles files) => $"{files.Tokens} {files.Ends} {files.Counts}";
}
