using System.Text.Json;
using System.Text.Json.Serialization;
using LowRank.Training.Files;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Descriptions on their way from the program that was built anew to the one that shows them.</summary>
/// <param name="Models">The models, in the order in which <c>list</c> has them.</param>
internal sealed record ModelDescriptions(IReadOnlyList<ModelDescription> Models)
{
    /// <summary>Those of this program's models.</summary>
    /// <param name="name">The only one that is meant; null for all.</param>
    /// <param name="request">What is asked of each.</param>
    /// <exception cref="InputException">There is no model of that name, or what is asked for can't be said of one.</exception>
    public static ModelDescriptions Of(string? name, Func<ModelEntry, DescriptionRequest> request) =>
        new([
            .. (name is null ? ModelCatalog.Models : [ModelLookup.Find(name)]).Select(entry => ModelDescription.Of(entry, request(entry))),
        ]);

    /// <summary>Writes them into a file.</summary>
    public void Write(string path) => AtomicFile.Write(path, Bytes());

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Another version of the library wrote it.</exception>
    public static ModelDescriptions Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), DescriptionsJson.Default.ModelDescriptions)
        ?? throw new JsonException("null is no list of descriptions.");

    /// <summary>Whether both say the same.</summary>
    public bool Says(ModelDescriptions other) => Bytes().AsSpan().SequenceEqual(other.Bytes());

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, DescriptionsJson.Default.ModelDescriptions);
}

/// <summary>How descriptions are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ModelDescriptions))]
internal sealed partial class DescriptionsJson : JsonSerializerContext;
