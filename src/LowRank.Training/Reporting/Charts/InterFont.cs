using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SkiaSharp;

namespace LowRank.Training.Reporting.Charts;

/// <summary>
/// The typeface of the charts' labels: Inter Regular (The Inter Project Authors, SIL Open Font License 1.1), as the package
/// Avalonia.Fonts.Inter ships it. That package's assembly is embedded in this one and only read as a container of font files.
/// </summary>
internal static class InterFont
{
    /// <summary>The family's name.</summary>
    public const string Family = "Inter";

    private static readonly Lazy<SKTypeface> Loaded = new(() =>
        SKTypeface.FromData(SKData.CreateCopy(Read("/Assets/Inter-Regular.ttf")))
        ?? throw new InvalidDataException("The embedded font cannot be read.")
    );

    /// <summary>The typeface.</summary>
    public static SKTypeface Typeface => Loaded.Value;

    private static byte[] Read(string file)
    {
        using var container =
            typeof(InterFont).Assembly.GetManifestResourceStream("Avalonia.Fonts.Inter.dll")
            ?? throw new InvalidDataException("The font's package is not embedded.");
        using var assembly = new PEReader(container);
        var metadata = assembly.GetMetadataReader();
        var resource = metadata
            .ManifestResources.Select(metadata.GetManifestResource)
            .Single(candidate => metadata.StringComparer.Equals(candidate.Name, "!AvaloniaResources"));
        var block = assembly.GetSectionData(assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);

        // The resource: its length; the length of an index, its version and its number of entries (path, offset, length); the files.
        var reader = block.GetReader((int)resource.Offset + sizeof(int), block.Length - (int)resource.Offset - sizeof(int));
        var files = sizeof(int) + reader.ReadInt32();
        if (reader.ReadInt32() != 2)
            throw new InvalidDataException("The font's package has another layout.");
        for (var entries = reader.ReadInt32(); entries > 0; entries--)
        {
            var path = reader.ReadSerializedString();
            var (offset, length) = (reader.ReadInt32(), reader.ReadInt32());
            if (path != file)
                continue;
            reader.Offset = files + offset;
            return reader.ReadBytes(length);
        }

        throw new InvalidDataException($"The font's package holds no {file}.");
    }
}
