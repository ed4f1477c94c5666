using System.Diagnostics;
using LowRank.Native;

namespace LowRank.Runtime.Tests.Native;

public sealed class TorchLibraryTests
{
    private static string LibraryPath => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void Torch_computes_on_this_system()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        Assert.Equal(6, TorchSharp.torch.ones(2, 3).sum().item<float>());
    }

    [Fact]
    public void Mending_replaces_the_file_and_leaves_a_hard_linked_original_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(LibraryPath), "The library is demanding on Linux only.");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var original = Path.Combine(folder.FullName, "original.so");
            var linked = Path.Combine(folder.FullName, "linked.so");
            File.WriteAllBytes(original, Demanding());
            Process.Start("ln", [original, linked])!.WaitForExit();
            var before = File.ReadAllBytes(original);
            var stamp = File.GetLastWriteTimeUtc(linked);

            Assert.True(TorchLibrary.Patch(linked));
            Assert.Equal(before, File.ReadAllBytes(original));
            var after = File.ReadAllBytes(linked);
            Assert.Equal(before.Length, after.Length);
            Assert.Single(Enumerable.Range(0, before.Length), index => before[index] != after[index]);
            Assert.Equal(stamp, File.GetLastWriteTimeUtc(linked));
            Assert.Equal(["linked.so", "original.so"], Directory.GetFiles(folder.FullName).Select(Path.GetFileName).Order());

            Assert.False(TorchLibrary.Patch(linked), "A mended file needs no second mend.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_file_of_another_kind_is_left_alone()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "no library");
        Assert.False(TorchLibrary.Patch(path));
        Assert.Equal("no library", File.ReadAllText(path));
        File.Delete(path);
    }

    // The library as shipped: this process's copy is mended where the system needed it, so the flag is taken out again.
    private static byte[] Demanding()
    {
        var bytes = File.ReadAllBytes(LibraryPath);
        var hash = ElfHash("GLIBCXX_3.4.32");
        for (var at = 0; at + 16 <= bytes.Length; at++)
        {
            // vna_hash, then vna_flags with nothing but the weak flag.
            if (BitConverter.ToUInt32(bytes, at) == hash && BitConverter.ToUInt16(bytes, at + 4) == 2)
            {
                bytes[at + 4] = 0;
                break;
            }
        }

        return bytes;
    }

    private static uint ElfHash(string text)
    {
        uint hash = 0;
        foreach (var character in text)
        {
            hash = (hash << 4) + character;
            var high = hash & 0xf0000000;
            hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }
}
