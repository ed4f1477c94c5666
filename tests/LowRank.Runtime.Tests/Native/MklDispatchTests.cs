using System.Runtime.InteropServices;
using LowRank.Native;

namespace LowRank.Runtime.Tests.Native;

public sealed unsafe class MklDispatchTests
{
    // mov eax, [rip + 0x20]; test eax, eax; js +1; ret
    private static readonly byte[] Known = [0x8b, 0x05, 0x20, 0x00, 0x00, 0x00, 0x85, 0xc0, 0x78, 0x01, 0xc3];

    [Fact]
    public void The_variable_is_found_where_the_code_reads_it()
    {
        var code = (byte*)NativeMemory.AllocZeroed(64);
        try
        {
            Known.CopyTo(new Span<byte>(code, 64));
            Assert.True(MklDispatch.FindAnswer(code) == (int*)(code + 6 + 0x20));
        }
        finally
        {
            NativeMemory.Free(code);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(10)]
    public void Other_code_is_left_alone(int changed)
    {
        var code = (byte*)NativeMemory.AllocZeroed(64);
        try
        {
            Known.CopyTo(new Span<byte>(code, 64));
            code[changed] ^= 0x10;
            Assert.True(MklDispatch.FindAnswer(code) is null);
        }
        finally
        {
            NativeMemory.Free(code);
        }
    }
}
