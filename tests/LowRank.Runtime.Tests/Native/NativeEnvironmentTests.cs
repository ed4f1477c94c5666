using System.Runtime.InteropServices;
using LowRank.Native;

namespace LowRank.Runtime.Tests.Native;

/// <summary>Variables are set for native code, too.</summary>
public sealed class NativeEnvironmentTests
{
    [Fact]
    public void Native_code_sees_what_is_set()
    {
        var name = $"LOWRANK_TEST_{Guid.NewGuid():N}";
        NativeEnvironment.Set(name, "first");
        Assert.Equal("first", Environment.GetEnvironmentVariable(name));
        NativeEnvironment.Set(name, "second");
        Assert.Equal("second", Environment.GetEnvironmentVariable(name));
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal("second", Marshal.PtrToStringUTF8(getenv(name)));
        NativeEnvironment.SetDefault(name, "third");
        Assert.Equal("second", Marshal.PtrToStringUTF8(getenv(name)));
    }

    [DllImport("libc", CharSet = CharSet.Ansi, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint getenv([MarshalAs(UnmanagedType.LPStr)] string name);
}
