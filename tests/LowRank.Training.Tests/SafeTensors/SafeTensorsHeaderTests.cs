using System.Text;
using LowRank.Training.SafeTensors;

namespace LowRank.Training.Tests.SafeTensors;

/// <summary>What the format's own library refuses is refused, and nothing that it reads.</summary>
public sealed class SafeTensorsHeaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "'b' begins at byte 4 of the data, where 'a' ends at 8"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "'b' begins at byte 0 of the data, where 'a' ends at 4"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        12,
        "'b' begins at byte 8 of the data, where 'a' ends at 4"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "'a' begins at byte 4 of the data, where the header ends at 0"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "its tensors end at byte ")]
    [InlineData("""{}""", 1, "its tensors end at byte ")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "a.data_offsets ends at byte 8 of 7: the file is cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "a.data_offsets gives 4 bytes to F32[2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "a.data_offsets ends at 0, before it begins at 4")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""",
        0,
        "a.data_offsets gives 0 bytes to F32[4294967296, 4294967296]"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,4,4],"data_offsets":[0,4]}}""",
        4,
        "which takes another number"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""",
        4,
        "a.shape[0] must be a whole number from 0 to 9223372036854775807, not 9223372036854775808"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "a.shape[0] must be a whole number from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "a.shape[0] must be a whole number from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}""", 4, "a.shape must be an array, not null")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "a.data_offsets must be two whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "a.data_offsets is missing")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "a.dtype is F33, which is none of the format's types")]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""", 4, "a.dtype must be the name of a type, not null")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "a.data_offsets gives 2 bytes to F4[3]")]
    [InlineData("""{"a":null}""", 0, "a must be an object with dtype, shape and data_offsets, not null")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "not JSON"
    )]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "half of a surrogate pair")]
    [InlineData(
        """{"__metadata__":{"format":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "__metadata__.format must be a text, not 1"
    )]
    [InlineData("""[]""", 0, "its header is no JSON object")]
    [InlineData(""" {}""", 0, "its header is no JSON object")]
    public void A_header_that_the_file_does_not_bear_out_is_refused(string header, int data, string part)
    {
        var path = Write(Encoding.UTF8.GetBytes(header), data);
        var refused = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadHeader(path)).Message;
        Assert.StartsWith(path, refused, StringComparison.Ordinal);
        Assert.Contains(part, refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[0,7],"data_offsets":[4,4]}}   """, 4)]
    [InlineData("""{"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 7)]
    [InlineData("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}""", 3)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"__metadata__":null}""", 0)]
    public void Scalars_empty_tensors_any_order_and_every_type_are_read(string header, int data) =>
        Assert.Equal(header.Split("dtype").Length - 1, SafeTensorsFile.ReadHeader(Write(Encoding.UTF8.GetBytes(header), data)).Count);

    [Theory]
    [InlineData(100_000_001, "more than the format allows")]
    [InlineData(ulong.MaxValue, "more than the format allows")]
    [InlineData(3, "is no safetensors file, or is cut off: its header would have 3 of its 10 bytes")]
    public void A_header_longer_than_the_file_or_the_format_is_refused(ulong length, string part)
    {
        var path = Path.Combine(folder.Path, "a.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(length), (byte)'{', (byte)'}']);
        Assert.Contains(
            part,
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadHeader(path)).Message,
            StringComparison.Ordinal
        );
    }

    private string Write(byte[] header, int data)
    {
        var path = Path.Combine(folder.Path, "a.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[data]]);
        return path;
    }
}
