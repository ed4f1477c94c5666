using System.Buffers.Binary;
using LowRank.Training.Wording;
using Parquet.Meta;
using Parquet.Schema;

namespace LowRank.Training.Documents;

/// <summary>
/// Holds what a Parquet file claims against the file, before anything is read by it: a reader reserves memory for as many rows and bytes as
/// a footer or the header of a page says.
/// </summary>
internal static class ParquetCheck
{
    /// <summary>Writers put about a million rows into a row group at most.</summary>
    private const long MostRows = 1 << 22;

    /// <summary>Values of a column with lists in one row group.</summary>
    private const long MostValues = 1 << 24;

    /// <summary>
    /// Such values for each byte of their pages: nulls and levels that repeat take next to nothing, and each takes memory once it is read.
    /// </summary>
    private const long MostValuesPerByte = 64;

    /// <summary>Pages of one column in a row group, whose texts are in memory at a time.</summary>
    private const long PagesPerRecord = 16;

    private const int FirstHeaderLength = 1 << 12;
    private const int LongestHeader = 1 << 24;
    private const int DictionaryPage = 2;

    private const string Damaged = "its description is damaged";

    /// <summary>Checks that the description at the file's end is whole.</summary>
    /// <exception cref="InvalidDataException">It isn't.</exception>
    public static void CheckFooter(Stream file)
    {
        const int Tail = 8;
        Span<byte> tail = stackalloc byte[Tail];
        if (file.Length < Tail + 4)
            throw new InvalidDataException("it is too short");
        file.Position = file.Length - Tail;
        file.ReadExactly(tail);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8))
            throw new InvalidDataException("it doesn't end as such a file does");
        if (length > file.Length - Tail - 4 || length > Array.MaxLength)
            throw new InvalidDataException(Damaged);

        var footer = new byte[length];
        file.Position = file.Length - Tail - length;
        file.ReadExactly(footer);
        if (!new ThriftReader(footer).TrySkip(12))
            throw new InvalidDataException(Damaged);
    }

    /// <summary>Checks a row group and the pages of one of its columns.</summary>
    /// <returns>Number of the column's values: that of the rows, unless there are lists of them.</returns>
    /// <exception cref="InvalidDataException">They claim what can't be.</exception>
    public static long CheckColumn(Stream file, RowGroup group, DataField column, ReadingLimits limits)
    {
        if (group.NumRows is < 0 or > MostRows)
            throw new InvalidDataException($"a row group of {Quantity.Count(group.NumRows)} rows is no text");

        var path = column.Path.ToList();
        var chunk = group.Columns.Find(chunk => chunk.MetaData?.PathInSchema.SequenceEqual(path) == true)?.MetaData;
        if (chunk is null)
            throw new InvalidDataException(Damaged);

        var start = chunk.DictionaryPageOffset is > 0 and var dictionary
            ? Math.Min(dictionary, chunk.DataPageOffset)
            : chunk.DataPageOffset;
        var isList = column.MaxRepetitionLevel > 0;
        if (isList ? chunk.NumValues < group.NumRows || chunk.NumValues > MostValues : chunk.NumValues != group.NumRows)
            throw new InvalidDataException("a column has another number of values than its row group");
        if (start < 0 || chunk.TotalCompressedSize < 0 || start > file.Length - chunk.TotalCompressedSize)
            throw new InvalidDataException("a column is longer than the file");

        var bytes = CheckPages(file, start, start + chunk.TotalCompressedSize, chunk.NumValues, limits);
        if (isList && (chunk.NumValues - group.NumRows) / MostValuesPerByte > bytes)
            throw new InvalidDataException("a column has more values than its pages can hold");
        return chunk.NumValues;
    }

    // Bytes of the pages once they are decompressed.
    private static long CheckPages(Stream file, long start, long end, long count, ReadingLimits limits)
    {
        var (values, bytes) = (0L, 0L);
        while (values < count)
        {
            var (page, header) = ReadHeader(file, start, end);
            start += header;
            if (page.Compressed < 0 || page.Compressed > end - start || page.Decompressed < 0 || page.Values < 0)
                throw new InvalidDataException("a page is longer than its column");

            bytes += page.Decompressed;
            if (page.Decompressed > limits.LargestRecord)
                throw new InvalidDataException($"a page of it {limits.RecordFault}");
            if (bytes > PagesPerRecord * limits.LargestRecord)
                throw new InvalidDataException(
                    $"a column in one row group is larger than {Quantity.Bytes(PagesPerRecord * limits.LargestRecord)}"
                );
            if (limits.IsBomb(page.Compressed, page.Decompressed))
                throw new InvalidDataException("a page grows beyond measure");

            // A text of a dictionary has its length before it.
            if (page.Type == DictionaryPage && page.Values > page.Decompressed)
                throw new InvalidDataException("a dictionary has more texts than bytes");
            values += page.Type == DictionaryPage ? 0 : page.Values;
            start += page.Compressed;
        }

        if (values != count)
            throw new InvalidDataException("its pages have another number of rows than its row groups");
        return bytes;
    }

    private static (Page Page, int Length) ReadHeader(Stream file, long start, long end)
    {
        for (long length = FirstHeaderLength; ; length *= 16)
        {
            var header = new byte[Math.Min(length, end - start)];
            file.Position = start;
            file.ReadExactly(header);
            if (TryParse(header, out var page, out var read))
                return (page, read);
            if (header.Length < length || length >= LongestHeader)
                throw new InvalidDataException("the header of a page is damaged");
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> header, out Page page, out int length)
    {
        page = new Page(Type: -1, Compressed: -1, Decompressed: -1, Values: -1);
        length = 0;
        var thrift = new ThriftReader(header);
        var id = 0;
        while (thrift.TryReadField(ref id, out var type))
        {
            if (type == 0)
            {
                length = thrift.Read;
                return true;
            }

            if (id is >= 1 and <= 3 && type == 5)
            {
                if (!thrift.TryReadNumber(out var number))
                    return false;
                page = id switch
                {
                    1 => page with { Type = number },
                    2 => page with { Decompressed = number },
                    _ => page with { Compressed = number },
                };
            }
            else if (id is 5 or 7 or 8 && type == 12)
            {
                if (!TryReadValues(ref thrift, out var values))
                    return false;
                page = page with { Values = values };
            }
            else if (!thrift.TrySkip(type))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The number of values, which stands first in the headers of all kinds of pages.</summary>
    private static bool TryReadValues(ref ThriftReader thrift, out long values)
    {
        values = -1;
        var id = 0;
        while (thrift.TryReadField(ref id, out var type))
        {
            if (type == 0)
                return true;
            if (id == 1 && type == 5)
            {
                if (!thrift.TryReadNumber(out values))
                    return false;
            }
            else if (!thrift.TrySkip(type))
            {
                return false;
            }
        }

        return false;
    }

    private readonly record struct Page(long Type, long Compressed, long Decompressed, long Values);
}
