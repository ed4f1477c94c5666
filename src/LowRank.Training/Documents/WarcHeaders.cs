using System.Globalization;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>What the headers of a WARC record say.</summary>
internal sealed class WarcHeaders
{
    /// <summary>Bytes of its content; null if that isn't said.</summary>
    public long? Length { get; private set; }

    /// <summary>Such as <c>response</c> or <c>conversion</c>, in small letters.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The media type of its content, without parameters, in small letters; empty if that isn't said.</summary>
    public string Media { get; private set; } = "";

    /// <summary>What a crawler found the answer's payload to be, in the same form.</summary>
    public string PayloadMedia { get; private set; } = "";

    /// <summary>Its identifier, address and date.</summary>
    public RecordMetadata Metadata { get; } = new();

    /// <summary>Takes a line of the headers.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (HeaderField.Value(line, "WARC-Type"u8) is [_, ..] type)
            Type = Small(type);
        else if (HeaderField.Value(line, "Content-Type"u8) is [_, ..] media)
            Media = MediaType(media);
        else if (HeaderField.Value(line, "WARC-Identified-Payload-Type"u8) is [_, ..] payload)
            PayloadMedia = MediaType(payload);
        else if (HeaderField.Value(line, "Content-Length"u8) is [_, ..] digits)
            Length = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        else if (line.IndexOf((byte)':') is > 0 and var colon)
            Metadata.Offer(line[..colon], WithoutBrackets(line[..colon], line[(colon + 1)..].Trim(" \t"u8)));
    }

    /// <summary>A media type without its parameters, in small letters.</summary>
    public static string MediaType(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)';');
        return Small((end < 0 ? value : value[..end]).Trim(" \t"u8));
    }

    /// <summary>Old crawlers put addresses in brackets, as identifiers are.</summary>
    private static ReadOnlySpan<byte> WithoutBrackets(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(name, "WARC-Target-URI"u8) && value is [(byte)'<', .. var address, (byte)'>'] ? address : value;

    private static string Small(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value).ToLowerInvariant();
}
