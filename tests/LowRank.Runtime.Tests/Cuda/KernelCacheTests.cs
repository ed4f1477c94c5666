using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Compiled kernels on disk.</summary>
public sealed class KernelCacheTests : IDisposable
{
    private static readonly KernelVariant Kernel = new("Norm", "forward", "WIDTH=64");
    private static readonly KernelGrid Grid = new(1, 32);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lowrank-kernels-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_read_and_nothing_else_is_left()
    {
        var cache = new KernelCache(Path.Combine(folder.FullName, "new", "folder"));
        Assert.Null(cache.Read("a"));
        cache.Write("a", [1, 2, 3]);
        cache.Write("b", [4]);
        cache.Write("a", [1, 2, 3, 4]);
        Assert.Equal([1, 2, 3, 4], cache.Read("a"));
        Assert.Equal([4], cache.Read("b"));
        Assert.Equal(["a.kernel", "b.kernel"], Names());
    }

    [Fact]
    public void A_damaged_file_counts_as_missing()
    {
        var cache = new KernelCache(folder.FullName);
        cache.Write("a", [1, 2, 3, 4, 5]);
        var path = Path.Combine(folder.FullName, "a.kernel");
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(cache.Read("a"));
        }

        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Null(cache.Read("a"));
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.Null(cache.Read("a"));
        File.WriteAllBytes(path, whole);
        Assert.Equal([1, 2, 3, 4, 5], cache.Read("a"));
    }

    [Fact]
    public void Readers_and_writers_at_once_see_whole_files()
    {
        Parallel.For(
            0,
            8,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            number =>
            {
                // One each, as processes have.
                var cache = new KernelCache(folder.FullName);
                var content = new byte[100_000 + number];
                content.AsSpan().Fill((byte)number);
                for (var repetition = 0; repetition < 20; repetition++)
                {
                    cache.Write("a", content);
                    if (cache.Read("a") is not { } read)
                    {
                        // There a file can't be opened while another takes its place.
                        Assert.True(OperatingSystem.IsWindows());
                        continue;
                    }

                    Assert.Equal(100_000 + read[0], read.Length);
                    Assert.DoesNotContain(read, value => value != read[0]);
                }
            }
        );
        Assert.Equal(["a.kernel"], Names());
    }

    [Fact]
    public void A_folder_that_cannot_be_is_no_error()
    {
        var file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, "no folder");
        var cache = new KernelCache(Path.Combine(file, "kernels"));
        cache.Write("a", [1]);
        Assert.Null(cache.Read("a"));
        var none = new KernelCache(null);
        none.Write("a", [1]);
        Assert.Null(none.Read("a"));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_no_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Whoever runs this may write everywhere.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        new KernelCache(folder.FullName).Write("a", [1]);
        Assert.Empty(Names());
    }

    [Fact]
    public void The_folder_is_the_one_asked_for_or_the_users()
    {
        Assert.Equal(Path.GetFullPath("kernels"), Folder((KernelCache.Variable, "kernels"), ("XDG_CACHE_HOME", "/cache")));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has its own folder.");
        Assert.Equal("/cache/lowrank/kernels", Folder(("XDG_CACHE_HOME", "/cache"), ("HOME", "/home/me")));
        Assert.Equal("/home/me/.cache/lowrank/kernels", Folder(("XDG_CACHE_HOME", ""), ("HOME", "/home/me")));
        Assert.Null(Folder(("XDG_CACHE_HOME", "relative")));
        Assert.Null(Folder());
    }

    [Fact]
    public void A_key_keeps_its_parts_apart()
    {
        Assert.Equal(KernelCache.Key("a", "b"), KernelCache.Key("a", "b"));
        string[] others = [KernelCache.Key("ab"), KernelCache.Key("ab", ""), KernelCache.Key("b", "a"), KernelCache.Key("a", "b", "")];
        Assert.DoesNotContain(KernelCache.Key("a", "b"), others);
        Assert.Equal(4, others.Distinct().Count());
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void The_next_process_compiles_nothing()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(1, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(2, fake.Calls("cuModuleLoadDataEx"));
        Assert.StartsWith("Norm-", Path.GetFileName(Assert.Single(Directory.GetFiles(fake.Cache))), StringComparison.Ordinal);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Processes_that_compile_at_once_all_run_and_leave_whole_kernels()
    {
        const int Processes = 6;
        using var fake = new FakeCuda();
        KernelVariant[] kernels = [.. Enumerable.Range(1, 4).Select(number => Kernel with { Constants = $"WIDTH={64 * number}" })];
        // A launcher each, as processes have: none knows what another one compiles.
        KernelLauncher[] launchers = [.. Enumerable.Range(0, Processes).Select(_ => fake.Launcher())];
        using var start = new Barrier(Processes);
        var launched = 0;
        Thread[] threads =
        [
            .. launchers.Select(launcher => new Thread(() =>
            {
                foreach (var kernel in kernels)
                {
                    start.SignalAndWait();
                    if (launcher.Launch(kernel, Grid))
                        Interlocked.Increment(ref launched);
                }
            })),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(Processes * kernels.Length, launched);
        Assert.Empty(fake.Told);

        // They met: some was compiled more than once. Every file is whole, or this would be compiled anew, and none is half a file.
        var compiled = fake.Calls("nvrtcCompileProgram");
        Assert.InRange(compiled, kernels.Length + 1, Processes * kernels.Length);
        var next = fake.Launcher();
        Assert.All(kernels, kernel => Assert.True(next.Launch(kernel, Grid)));
        Assert.Equal(compiled, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(kernels.Length, Directory.GetFiles(fake.Cache).Length);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Another_text_version_or_card_is_compiled()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        fake.Text = "__global__ changed";
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        fake.Set("nvrtcMinor", 5);
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        fake.Set("major", 8);
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(4, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(4, Directory.GetFiles(fake.Cache).Length);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_damaged_kernel_is_compiled_anew_and_mended()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        var file = Assert.Single(Directory.GetFiles(fake.Cache));
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^1]);
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(2, fake.Calls("nvrtcCompileProgram"));
        Assert.Equal(whole, File.ReadAllBytes(file));
        Assert.Empty(fake.Told);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void A_kept_kernel_that_the_driver_does_not_take_is_compiled_anew()
    {
        using var fake = new FakeCuda();
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        fake.Fail("cuModuleLoadDataEx", 209, times: 1);
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(2, fake.Calls("nvrtcCompileProgram"));
        Assert.Empty(fake.Told);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void Without_a_folder_kernels_run_all_the_same()
    {
        using var fake = new FakeCuda();
        File.WriteAllText(fake.Cache, "no folder");
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.True(fake.Launcher().Launch(Kernel, Grid));
        Assert.Equal(2, fake.Calls("nvrtcCompileProgram"));
        Assert.Empty(fake.Told);
    }

    private static string? Folder(params (string Name, string Value)[] variables) =>
        KernelCache.Folder(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    private IEnumerable<string?> Names() =>
        folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order(StringComparer.Ordinal);
}
