using System.Runtime.CompilerServices;

namespace LowRank.Tests;

/// <summary>
/// Makes the native library loadable before the first test. Assemblies with declared models get this line generated; a test project
/// without any may call TorchSharp before it touches the runtime.
/// </summary>
internal static class TorchLibraryInitializer
{
    [ModuleInitializer]
    internal static void Prepare() => Native.TorchLibrary.Prepare();
}
