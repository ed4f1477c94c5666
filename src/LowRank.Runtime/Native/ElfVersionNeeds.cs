using System.Buffers.Binary;

namespace LowRank.Native;

/// <summary>
/// Edits the section <c>.gnu.version_r</c> of a 64-bit little-endian ELF file: the list of symbol versions that a library demands of
/// other libraries (System V ABI, LSB "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe;
    private const ushort FlagWeak = 0x2;

    /// <summary>Sets the weak flag of every demand for <paramref name="version"/>: the loader then no longer refuses the library.</summary>
    /// <param name="file">The whole file, changed in place.</param>
    /// <param name="version">The symbol version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether a flag was changed.</returns>
    public static bool MakeWeak(Span<byte> file, string version)
    {
        if (file.Length < 64 || !file[..4].SequenceEqual("\u007fELF"u8) || file[4] != 2 || file[5] != 1)
            return false;

        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3a..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3c..]);
        var changed = false;
        for (var index = 0; index < count; index++)
        {
            var section = file.Slice(sections + index * size, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != SectionTypeVersionNeeds)
                continue;
            var offset = (int)BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]);
            var strings = (int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
            var stringOffset = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[(sections + strings * size + 0x18)..]);
            changed |= MakeWeak(file, offset, stringOffset, version);
        }

        return changed;
    }

    private static bool MakeWeak(Span<byte> file, int need, int strings, string version)
    {
        var changed = false;
        while (true)
        {
            int entries = BinaryPrimitives.ReadUInt16LittleEndian(file[(need + 2)..]);
            var entry = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(need + 8)..]);
            for (var index = 0; index < entries; index++)
            {
                var flags = BinaryPrimitives.ReadUInt16LittleEndian(file[(entry + 4)..]);
                var name = strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(entry + 8)..]);
                if ((flags & FlagWeak) == 0 && IsString(file[name..], version))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file[(entry + 4)..], (ushort)(flags | FlagWeak));
                    changed = true;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(entry + 12)..]);
            }

            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(need + 12)..]);
            if (next == 0)
                return changed;
            need += next;
        }
    }

    private static bool IsString(ReadOnlySpan<byte> at, string text)
    {
        if (at.Length <= text.Length || at[text.Length] != 0)
            return false;
        for (var index = 0; index < text.Length; index++)
        {
            if (at[index] != text[index])
                return false;
        }

        return true;
    }
}
