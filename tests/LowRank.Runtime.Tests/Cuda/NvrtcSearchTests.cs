using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>NVRTC is found where builds of libtorch have it.</summary>
public sealed class NvrtcSearchTests
{
    private static readonly CudaVersion Driver = new(12, 9);
    private static readonly KernelVariant Kernel = new("Norm", "forward", "WIDTH=64");

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void In_libtorchs_packages_it_has_a_hash_in_its_name_and_its_builtins_no_version()
    {
        using var fake = new FakeCuda();
        fake.Set("builtins", 2);
        var nvrtc = Path.Combine(fake.Folder, "libnvrtc-2bb82d1a.so.12");
        File.CreateSymbolicLink(nvrtc, fake.File);
        // The same compiler for machines with little memory.
        File.CreateSymbolicLink(Path.Combine(fake.Folder, "libnvrtc.alt.so.12"), fake.File);
        var source = Path.Combine(fake.Folder, "builtins.cpp");
        File.WriteAllText(source, "int nothing;");
        FakeCuda.Compile(source, Path.Combine(fake.Folder, "libnvrtc-builtins.so"), "-Wl,-soname,libnvrtc-builtins.so.99.2");

        var surroundings = fake.Surroundings() with { NvrtcFolders = [fake.Folder], NvrtcNames = [] };
        var launcher = new CudaMachine(surroundings).Launcher(0).Value!;
        Assert.Equal(nvrtc, launcher.Compiler.Nvrtc.Name);
        Assert.True(launcher.Launch(Kernel, new KernelGrid(1, 32)));
        Assert.Empty(fake.Told);
    }

    [Fact]
    public void Beside_PyTorch_it_has_a_folder_of_its_own()
    {
        var site = Directory.CreateTempSubdirectory("lowrank-site-");
        try
        {
            foreach (var package in new[] { "cu13", "cuda_nvrtc" })
                site.CreateSubdirectory(Path.Combine("nvidia", package, "lib"));
            var torch = Path.Combine(site.FullName, "torch", "lib", "libtorch_cuda.so");
            var folders = NvrtcFiles.Folders(torch, _ => null).ToList();
            Assert.Equal(
                [
                    Path.Combine(site.FullName, "torch", "lib"),
                    Path.Combine(site.FullName, "nvidia", "cu13", "lib"),
                    Path.Combine(site.FullName, "nvidia", "cuda_nvrtc", "lib"),
                ],
                folders.Take(3)
            );
            Assert.Contains(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), folders.Select(Path.TrimEndingDirectorySeparator));
        }
        finally
        {
            site.Delete(recursive: true);
        }
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_first_that_the_driver_takes_is_taken()
    {
        using var newer = new FakeCuda();
        using var older = new FakeCuda();
        newer.Set("nvrtcMajor", 13);
        Assert.Equal(older.File, NvrtcSearch.Load(null, [], ["none.so", newer.File, older.File], Driver).Name);
        Assert.Equal(newer.File, NvrtcSearch.Load(null, [], [newer.File, older.File], new CudaVersion(13, 0)).Name);
        using var broken = new FakeCuda("nvrtcGetCUBIN");
        Assert.Equal(older.File, NvrtcSearch.Load("", [], [broken.File, older.File], Driver).Name);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_one_that_is_named_is_the_only_one()
    {
        using var named = new FakeCuda();
        using var other = new FakeCuda();
        Assert.Equal(named.File, NvrtcSearch.Load(named.File, [], [other.File], Driver).Name);
        named.Set("nvrtcMajor", 13);
        var error = Assert.Throws<NotSupportedException>(() => NvrtcSearch.Load(named.File, [], [other.File], Driver));
        Assert.StartsWith("the driver is too old: it supports CUDA 12.9", error.Message, StringComparison.Ordinal);
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void One_that_is_named_without_a_folder_is_the_loaders_to_find()
    {
        var name = Path.GetFileName(RealNvrtc.Instance!.Name);
        Assert.SkipUnless(name == RealNvrtc.Instance.Name, "NVRTC lies where the loader doesn't look.");
        Assert.Equal(name, NvrtcSearch.Load(name, [], [], new CudaVersion(99, 0)).Name);
    }
}
