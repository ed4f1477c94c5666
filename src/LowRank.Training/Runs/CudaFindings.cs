using System.Globalization;
using System.Text.RegularExpressions;
using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Training.Runs;

/// <summary>What was found on the way to a GPU, so that whoever asked for one learns what is missing.</summary>
internal sealed partial record CudaFindings
{
    /// <summary>How many GPUs libtorch can use.</summary>
    public required int Usable { get; init; }

    /// <summary>Whether this program's libtorch was built for CUDA.</summary>
    public required bool IsBuiltForCuda { get; init; }

    /// <summary>The major version of CUDA that libtorch was built for; null where it isn't known.</summary>
    public int? Needed { get; init; }

    /// <summary>The newest CUDA that the driver takes; null where there is no driver, or no card.</summary>
    public CudaVersion? Driver { get; init; }

    /// <summary>Why the driver shows no GPU; null where it shows one.</summary>
    public string? WhyNoCard { get; init; }

    /// <summary>The GPUs that the driver shows.</summary>
    public IReadOnlyList<CudaCard> Cards { get; init; } = [];

    /// <summary>What is there now.</summary>
    public static CudaFindings Now()
    {
        var usable = cuda.is_available() ? cuda.device_count() : 0;
        // After libtorch was asked: it has loaded by now what it was built with.
        var libraries = LoadedModules.Paths().ConvertAll(path => Path.GetFileName(path));
        return new CudaFindings
        {
            Usable = usable,
            IsBuiltForCuda = usable > 0 || libraries.Any(name => name.Contains("torch_cuda", StringComparison.Ordinal)),
            Needed = libraries.Select(MajorVersion).FirstOrDefault(version => version is not null),
            Driver = CudaDevices.Of(0)?.DriverVersion,
            WhyNoCard = CudaDevices.WhyNone(0),
            Cards = [.. Shown()],
        };
    }

    /// <summary>
    /// The major version in the name of CUDA's runtime: 12 of <c>libcudart-9335f6a2.so.12</c> and of <c>cudart64_12.dll</c>.
    /// </summary>
    /// <param name="library">Name of a library's file.</param>
    /// <returns>The version; null for other libraries.</returns>
    internal static int? MajorVersion(string library)
    {
        var found = RuntimeName().Match(library);
        if (!found.Success)
            return null;
        var version = int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
        // Once it was 110 for 11.0.
        return version >= 100 ? version / 10 : version;
    }

    private static IEnumerable<CudaCard> Shown()
    {
        for (var index = 0; CudaDevices.Of(index) is { } device; index++)
            yield return new CudaCard(device.Name, device.ComputeCapability);
    }

    [GeneratedRegex(@"^(?:lib)?cudart(?:-[0-9a-f]+)?(?:\.so\.|64_)(\d+)")]
    private static partial Regex RuntimeName();
}
