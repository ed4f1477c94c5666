using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowRank.Cuda;
using LowRank.Runtime.Tests.Cuda;
using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

/// <summary>NCCL is found where it is, and called as its header says.</summary>
public sealed class NcclLibraryTests
{
    // A header to hold the bindings against; CUDA's headers aren't needed for it.
    private static readonly string? Header = new[]
    {
        Environment.GetEnvironmentVariable("NCCL_HEADER"),
        "/usr/include/nccl.h",
    }.FirstOrDefault(File.Exists);

    [Theory(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void The_bindings_are_those_of_the_header(bool isReal)
    {
        if (isReal && Header is null)
            Assert.Skip("no nccl.h in /usr/include, and none named by NCCL_HEADER");
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "NcclFacts.h", "NcclShapes.cpp" })
        {
            using var stream = typeof(NcclLibraryTests).Assembly.GetManifestResourceStream(name)!;
            using var file = File.Create(Path.Combine(folder.Path, name));
            stream.CopyTo(file);
        }

        // All that NCCL's header takes of CUDA's.
        File.WriteAllText(
            Path.Combine(folder.Path, "cuda_runtime.h"),
            "typedef struct CUstream_st* cudaStream_t;\n#define CUDART_VERSION 11000\n"
        );
        File.WriteAllText(Path.Combine(folder.Path, "cuda_fp16.h"), "");
        File.WriteAllText(Path.Combine(folder.Path, "cuda_bf16.h"), "");
        var library = Path.Combine(folder.Path, "shapes.so");
        var header = isReal ? Header : "NcclFacts.h";
        FakeCuda.Compile(Path.Combine(folder.Path, "NcclShapes.cpp"), library, $"-DNCCL_HEADER=\"{header}\"", $"-I{folder.Path}");
        var text = ((delegate* unmanaged<byte*>)NativeLibrary.GetExport(NativeLibrary.Load(library), "facts"))();
        var facts = Marshal
            .PtrToStringUTF8((nint)text)!
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
                (Name: line[..line.LastIndexOf(' ')], Value: long.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture))
            )
            .ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.OrdinalIgnoreCase);

        foreach (var result in Enum.GetValues<NcclResult>())
            Assert.Equal(facts[$"nccl{result}"], (long)result);
        foreach (var type in Enum.GetValues<NcclDataType>())
            Assert.Equal(facts[$"nccl{type}"], (long)type);
        Assert.Equal((long)NcclReduction.Sum, facts["ncclSum"]);
        Assert.Equal(facts["sizeof(ncclUniqueId)"], sizeof(NcclUniqueId));
        Assert.Equal(NcclUniqueId.Size, facts["sizeof(ncclUniqueId)"]);
        Assert.Equal(facts["alignof(ncclUniqueId)"], sizeof(Aligned) - sizeof(NcclUniqueId));
        Assert.Equal(sizeof(NcclResult), facts["sizeof(ncclResult_t)"]);
        Assert.Equal(sizeof(NcclDataType), facts["sizeof(ncclDataType_t)"]);
        Assert.Equal(sizeof(NcclReduction), facts["sizeof(ncclRedOp_t)"]);
        Assert.Equal(facts["sizeof(ncclComm_t)"], sizeof(nint));
        Assert.Equal(facts["sizeof(cudaStream_t)"], sizeof(nint));
        foreach (var field in new[] { "size", "magic", "version", "blocking" })
            Assert.Equal(facts[$"offsetof(ncclConfig_t, {field})"], (long)Marshal.OffsetOf<NcclConfig>(field));
        var config = NcclConfig.NonBlocking;
        var numbers = new ReadOnlySpan<uint>(&config, sizeof(NcclConfig) / sizeof(uint));
        Assert.InRange(sizeof(NcclConfig), 20, facts["sizeof(ncclConfig_t)"]);
        Assert.Equal([(uint)sizeof(NcclConfig), 0, (uint)facts["config.magic"], 21400, 0], numbers[..5].ToArray());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_NCCL_within_libtorch_comes_first()
    {
        using var fake = new FakeCuda();
        fake.Set("nccl", 21403);
        Assert.Equal("2.14.3", NcclLibrary.Find(fake.File, []).Version.ToString());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Where_libtorch_has_none_it_is_looked_for_beside_it()
    {
        using var torch = new FakeCuda("ncclGetVersion");
        using var other = new FakeCuda();
        var missing = Assert.Throws<NotSupportedException>(() => NcclLibrary.Find(torch.File, [torch.Folder])).Message;
        Assert.StartsWith("NCCL 2.14 or newer was not found: ", missing, StringComparison.Ordinal);
        Assert.Contains($"NCCL ({torch.File}) lacks the function ncclGetVersion", missing, StringComparison.Ordinal);
        Assert.Contains("libnccl.so.2 can't be loaded", missing, StringComparison.Ordinal);
        File.Copy(other.File, Path.Combine(other.Folder, "libnccl.so.2"));
        Assert.Equal("2.27.5", NcclLibrary.Find(torch.File, [torch.Folder, other.Folder]).Version.ToString());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void What_a_rank_needs_and_lacks_is_told()
    {
        using var fake = new FakeCuda();
        Assert.Contains("can't be used: cuDeviceGet failed", Refused(fake, gpu: 5), StringComparison.Ordinal);
        using var old = new FakeCuda("ncclCommInitRankConfig");
        Assert.Contains("lacks the function ncclCommInitRankConfig", Refused(old, gpu: 0), StringComparison.Ordinal);
        var without = new CudaMachine(fake.Surroundings() with { Torch = () => null });
        Assert.Contains(
            "this process has loaded a libtorch without CUDA. Install NCCL",
            Assert.Throws<InputException>(() => NcclMachine.Find(without, 0)).Message,
            StringComparison.Ordinal
        );

        static string Refused(FakeCuda fake, int gpu) =>
            Assert.Throws<InputException>(() => NcclMachine.Find(new CudaMachine(fake.Surroundings()), gpu)).Message;
    }

    [Fact]
    public void An_id_is_what_was_sent()
    {
        byte[] bytes = [.. Enumerable.Range(0, 128).Select(index => (byte)(255 - index))];
        Assert.Equal(bytes, new NcclUniqueId(bytes).ToArray());
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Aligned
    {
        public byte Before;
        public NcclUniqueId Id;
    }
}
