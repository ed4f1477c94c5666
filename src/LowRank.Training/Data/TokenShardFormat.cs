using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>
/// What stands beside a shard, in a file of the shard's name with <c>.json</c> added: the shard itself is nothing but tokens, so that
/// any other program can read it.
/// </summary>
/// <param name="Format">Names the format and its version.</param>
/// <param name="BytesPerToken">2 or 4: unsigned little-endian integers.</param>
/// <param name="Count">Number of tokens.</param>
/// <param name="Hash">XxHash128 of the shard's bytes, in hexadecimal.</param>
internal sealed record TokenShardFormat(string Format, int BytesPerToken, long Count, string Hash)
{
    public const string Current = "lowrank-tokens-1";

    /// <summary>Where the tokens of a shard with this description lie.</summary>
    public TokenFile At(string shard) => new(shard, 0, BytesPerToken, Count);

    public static string PathFor(string shard) => shard + ".json";

    public void Save(string shard) =>
        AtomicFile.Write(PathFor(shard), JsonSerializer.SerializeToUtf8Bytes(this, DataJson.Default.TokenShardFormat));

    /// <exception cref="InvalidDataException">The file is missing or says nothing usable.</exception>
    public static TokenShardFormat Load(string shard)
    {
        var path = PathFor(shard);
        try
        {
            var format = JsonSerializer.Deserialize(File.ReadAllBytes(path), DataJson.Default.TokenShardFormat);
            return format is { Format: Current, BytesPerToken: 2 or 4, Count: >= 0, Hash: not null }
                ? format
                : throw new InvalidDataException($"'{path}' does not describe a shard of tokens of the format {Current}.");
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"The shard '{shard}' has no usable description beside it: {exception.Message}", exception);
        }
    }
}
