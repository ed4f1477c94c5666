using System.Text;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.SafeTensors;

public sealed class SafeTensorsFileTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    public void Tensors_come_back_bit_for_bit_views_too(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var whole = (randn(6, 5) * 100).to(type);
        var view = whole.narrow(0, 2, 3);
        var transposed = whole.t();
        SafeTensorsFile.Write(path, [("whole", whole), ("view", view), ("transposed", transposed)]);

        var read = new[] { zeros(6, 5, type), zeros(3, 5, type), zeros(5, 6, type) };
        SafeTensorsFile.ReadInto(path, [("view", read[1]), ("whole", read[0]), ("transposed", read[2])]);
        Assert.True(read[0].eq(whole).all().item<bool>());
        Assert.True(read[1].eq(view).all().item<bool>());
        Assert.True(read[2].eq(transposed).all().item<bool>());
    }

    [Fact]
    public void The_layout_is_the_formats_own()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        using var values = tensor(new[] { 1f, 2f });
        SafeTensorsFile.Write(path, [("x", values)]);
        var bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToUInt64(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd());
        Assert.Equal(1f, BitConverter.ToSingle(bytes, 8 + length));
        Assert.Equal(8 + length + 8, bytes.Length);
    }

    [Fact]
    public void A_damaged_file_and_a_wrong_tensor_are_named()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        SafeTensorsFile.Write(path, [("x", ones(4))]);
        Assert.Contains(
            "no tensor 'y'",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadInto(path, [("y", zeros(4))])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "F32[4], where F32[5]",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadInto(path, [("x", zeros(5))])).Message,
            StringComparison.Ordinal
        );
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Contains(
            "cut off",
            Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadHeader(path)).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(path, "short");
        Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadHeader(path));
        File.WriteAllText(path, "not a header at all, but long enough");
        Assert.Throws<InvalidDataException>(() => SafeTensorsFile.ReadHeader(path));
    }
}
