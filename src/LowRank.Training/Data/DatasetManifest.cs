using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>What a folder of prepared data holds. It is written last, and a folder is believed only if all of it is as said here.</summary>
internal sealed record DatasetManifest
{
    private const string FileName = "dataset.json";

    public required string Description { get; init; }

    public required string Tokenizer { get; init; }

    public required string Training { get; init; }

    public required string Validation { get; init; }

    public required long TrainingDocuments { get; init; }

    public required long ValidationDocuments { get; init; }

    public required long TrainingBytes { get; init; }

    public required long ValidationBytes { get; init; }

    public required double UnigramEntropy { get; init; }

    /// <summary>Files of folders whose content turned out to be no text.</summary>
    public IReadOnlyList<SkippedText> Skipped { get; init; } = [];

    /// <summary>Records within files that were passed over; null for none.</summary>
    public BrokenRecords? Broken { get; init; }

    /// <summary>A hash of the tokenizer and both splits, 32 hexadecimal digits; the same on every machine for the same text.</summary>
    public string Fingerprint() =>
        XxHash128
            .HashToUInt128(Encoding.UTF8.GetBytes($"{Tokenizer} {Training} {Validation}"))
            .ToString("x32", CultureInfo.InvariantCulture);

    public void Save(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, DataJson.Default.DatasetManifest));

    /// <exception cref="InvalidDataException">It is missing or unreadable.</exception>
    public static DatasetManifest Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DataJson.Default.DatasetManifest)
                ?? throw new InvalidDataException($"'{path}' describes nothing.");
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"The folder '{folder}' has no usable description: {exception.Message}", exception);
        }
    }
}
