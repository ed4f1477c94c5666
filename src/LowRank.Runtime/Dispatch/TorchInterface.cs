using System.Runtime.InteropServices;
using TorchSharp;

namespace LowRank.Dispatch;

/// <summary>
/// The functions of libtorch's C interface (<c>torch/csrc/inductor/aoti_torch/c/shim.h</c>, <c>torch/csrc/stable/c/shim.h</c>) by which
/// operators are called, looked up once in the library that TorchSharp has loaded.
/// </summary>
internal sealed unsafe class TorchInterface
{
    // Since 2.10; older versions have other schemas, too.
    private const ulong Version = (2ul << 56) | (10ul << 48);

    private static readonly Lazy<TorchInterface> Library = new(() => new(Load()));

    private readonly List<string> missing = [];
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, ulong*, ulong, int> call;
    private readonly delegate* unmanaged[Cdecl]<nint, nint*, int> copyTensor;
    private readonly delegate* unmanaged[Cdecl]<nint*, int> newUndefined;
    private readonly delegate* unmanaged[Cdecl]<nint, int> deleteTensor;
    private readonly delegate* unmanaged[Cdecl]<nint, nint*, int> dataPointer;
    private readonly delegate* unmanaged[Cdecl]<nuint, nint*, int> newList;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong, int> append;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint*, int> listSize;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint, ulong*, int> listItem;
    private readonly delegate* unmanaged[Cdecl]<nint, int> deleteList;
    private readonly delegate* unmanaged[Cdecl]<byte> isRecording;
    private readonly delegate* unmanaged[Cdecl]<byte, void> setRecording;
    private readonly delegate* unmanaged[Cdecl]<nint> lastWords;
    private readonly delegate* unmanaged[Cdecl]<ulong**, int> newBox;
    private readonly delegate* unmanaged[Cdecl]<ulong*, int> deleteBox;

    /// <summary>Looks the functions up.</summary>
    /// <param name="find">The address of a function, or 0.</param>
    public TorchInterface(Func<string, nint> find)
    {
        nint Needed(string name)
        {
            var address = find(name);
            if (address == 0)
                missing.Add(name);
            return address;
        }

        call = (delegate* unmanaged[Cdecl]<byte*, byte*, ulong*, ulong, int>)Needed("torch_call_dispatcher");
        copyTensor = (delegate* unmanaged[Cdecl]<nint, nint*, int>)Needed("aoti_torch_new_tensor_handle");
        newUndefined = (delegate* unmanaged[Cdecl]<nint*, int>)Needed("aoti_torch_new_uninitialized_tensor");
        deleteTensor = (delegate* unmanaged[Cdecl]<nint, int>)Needed("aoti_torch_delete_tensor_object");
        dataPointer = (delegate* unmanaged[Cdecl]<nint, nint*, int>)Needed("aoti_torch_get_data_ptr");
        newList = (delegate* unmanaged[Cdecl]<nuint, nint*, int>)Needed("torch_new_list_reserve_size");
        append = (delegate* unmanaged[Cdecl]<nint, ulong, int>)Needed("torch_list_push_back");
        listSize = (delegate* unmanaged[Cdecl]<nint, nuint*, int>)Needed("torch_list_size");
        listItem = (delegate* unmanaged[Cdecl]<nint, nuint, ulong*, int>)Needed("torch_list_get_item");
        deleteList = (delegate* unmanaged[Cdecl]<nint, int>)Needed("torch_delete_list");
        isRecording = (delegate* unmanaged[Cdecl]<byte>)Needed("aoti_torch_grad_mode_is_enabled");
        setRecording = (delegate* unmanaged[Cdecl]<byte, void>)Needed("aoti_torch_grad_mode_set_enabled");
        // Since 2.13.
        lastWords = (delegate* unmanaged[Cdecl]<nint>)find("torch_exception_get_what_without_backtrace");
        newBox = (delegate* unmanaged[Cdecl]<ulong**, int>)find("torch_new_stable_ivalue");
        deleteBox = (delegate* unmanaged[Cdecl]<ulong*, int>)find("torch_delete_stable_ivalue");
    }

    /// <summary>The interface of the loaded library.</summary>
    public static TorchInterface Loaded => Library.Value;

    /// <summary>Why no operator can be called; null if they can.</summary>
    public string? Missing =>
        missing.Count == 0 ? null : $"libtorch exports no {missing[0]}: its C interface is not that of version 2.10 or later";

    /// <summary>Calls an operator outside autograd. It owns what lies on the stack from then on, and leaves its results there.</summary>
    /// <param name="name">Its name with the namespace, ending with 0.</param>
    /// <param name="overload">The overload, ending with 0.</param>
    /// <param name="stack">As long as arguments or results, whichever are more.</param>
    /// <returns>Null, or why it failed.</returns>
    public string? Call(ReadOnlySpan<byte> name, ReadOnlySpan<byte> overload, Span<ulong> stack)
    {
        var recorded = isRecording();
        setRecording(0);
        try
        {
            fixed (byte* first = name)
            fixed (byte* second = overload)
            fixed (ulong* values = stack)
                return call(first, second, values, Version) == 0 ? null : Reason();
        }
        finally
        {
            setRecording(recorded);
        }
    }

    /// <summary>Another handle of the same tensor, to be given away.</summary>
    public ulong CopyOf(nint tensor)
    {
        nint copy;
        Check(copyTensor(tensor, &copy));
        return (ulong)copy;
    }

    /// <summary>A handle of no tensor, where an operator demands one that it doesn't read.</summary>
    public ulong Undefined()
    {
        nint tensor;
        Check(newUndefined(&tensor));
        return (ulong)tensor;
    }

    /// <summary>Frees a handle.</summary>
    public void DeleteTensor(ulong tensor) => Check(deleteTensor((nint)tensor));

    /// <summary>Address of a tensor's first element.</summary>
    public nint AddressOf(nint tensor)
    {
        nint address;
        Check(dataPointer(tensor, &address));
        return address;
    }

    /// <summary>A list without items.</summary>
    public ulong NewList(int capacity)
    {
        nint list;
        Check(newList((nuint)capacity, &list));
        return (ulong)list;
    }

    /// <summary>Adds an item, which belongs to the list from then on.</summary>
    public void Append(ulong list, ulong item) => Check(append((nint)list, item));

    /// <summary>The items of a list; they still belong to it.</summary>
    public ulong[] Items(ulong list)
    {
        nuint size;
        Check(listSize((nint)list, &size));
        var items = new ulong[size];
        for (nuint index = 0; index < size; index++)
        {
            fixed (ulong* item = &items[index])
                Check(listItem((nint)list, index, item));
        }

        return items;
    }

    /// <summary>Frees a list, not what its items refer to.</summary>
    public void DeleteList(ulong list) => Check(deleteList((nint)list));

    /// <summary>Memory for a value that may also be missing: the callee frees it.</summary>
    public ulong Box(ulong value)
    {
        ulong* box;
        // Before 2.13 the callee frees it by C++'s delete, which is the C library's free wherever libtorch is built.
        if (newBox is null)
            box = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        else
            Check(newBox(&box));
        *box = value;
        return (ulong)box;
    }

    /// <summary>Reads such memory and frees it.</summary>
    public ulong Unbox(ulong address)
    {
        var box = (ulong*)address;
        var value = *box;
        if (deleteBox is null)
            NativeMemory.Free(box);
        else
            Check(deleteBox(box));
        return value;
    }

    private string Reason() =>
        lastWords is not null && Marshal.PtrToStringUTF8(lastWords()) is { Length: > 0 } words
            ? words
            : "libtorch has written the reason to standard error";

    private void Check(int error)
    {
        if (error != 0)
            throw new TorchOperatorException(Reason());
    }

    private static Func<string, nint> Load()
    {
        // As TorchSharp itself loads it, so that it is the same library.
        torch.InitializeDeviceType(DeviceType.CPU);
        return NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library)
            ? name => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0
            : _ => 0;
    }
}
