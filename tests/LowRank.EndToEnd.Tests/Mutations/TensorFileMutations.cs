using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>Damage to safetensors files: the header's length, its JSON, the ranges, and weights that are no numbers.</summary>
internal static class TensorFileMutations
{
    public static byte[] Apply(byte[] content, Dice dice)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        var (header, data) = (content[8..(8 + length)], content[(8 + length)..]);
        switch (dice.Below(6))
        {
            case 0:
                return
                [
                    .. Length(
                        dice.Of(
                            new ulong[]
                            {
                                0,
                                1,
                                (ulong)length - 1,
                                (ulong)length + 8,
                                100_000_001,
                                ulong.MaxValue,
                                1UL << 63,
                                (ulong)content.Length,
                            }
                        )
                    ),
                    .. header,
                    .. data,
                ];
            case 1:
                return File(SwapRanges(header, dice), data);
            case 2 when data.Length > 4:
                var place = dice.Below(data.Length / 4) * 4;
                BitConverter
                    .GetBytes(dice.Of([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f, float.Epsilon]))
                    .CopyTo(data, place);
                return File(header, data);
            case 3:
                return ByteMutations.Apply(content, dice);
            default:
                return File(JsonMutations.Apply(header, dice), data);
        }
    }

    private static byte[] File(byte[] header, byte[] data) => [.. Length((ulong)header.Length), .. header, .. data];

    private static byte[] Length(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] SwapRanges(byte[] header, Dice dice)
    {
        var root = JsonNode.Parse(header)!.AsObject();
        var tensors = root.Where(member => member.Key != "__metadata__").Select(member => member.Value!).ToList();
        var (one, other) = (dice.Of(tensors), dice.Of(tensors));
        var key = dice.Of(["data_offsets", "data_offsets", "shape", "dtype"]);
        var (mine, its) = (one[key]!.DeepClone(), other[key]!.DeepClone());
        one[key] = its;
        if (dice.OneIn(2))
            other[key] = mine;
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
