using Mono.Cecil;
using TorchSharp;

namespace LowRank.Compiled;

/// <summary>
/// Which of TorchSharp's methods make a <c>Scalar</c>, themselves or by what they call: its compiled code is searched, since it doesn't say
/// so.
/// </summary>
internal static class ScalarMakers
{
    /// <summary>All of them, those that return it included.</summary>
    public static IReadOnlyCollection<MethodDefinition> InTorchSharp()
    {
        var methods = MethodsOf(typeof(Scalar).Assembly.Location).ToList();
        var makers = methods.Where(Returns).ToDictionary(method => method.FullName, StringComparer.Ordinal);
        var count = 0;
        while (count < makers.Count)
        {
            count = makers.Count;
            foreach (var method in methods.Where(method => CallsOf(method).Any(makers.ContainsKey)).ToList())
                makers.TryAdd(method.FullName, method);
        }

        return makers.Values;
    }

    /// <summary>Whether what the method makes is the scalar itself, which the caller can hold.</summary>
    public static bool Returns(MethodDefinition method) =>
        method.ReturnType.FullName == "TorchSharp.Scalar" || (method.IsConstructor && method.DeclaringType.FullName == "TorchSharp.Scalar");

    /// <summary>The methods of an assembly that have a body.</summary>
    public static IEnumerable<MethodDefinition> MethodsOf(string assembly) =>
        AssemblyDefinition.ReadAssembly(assembly).MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    /// <summary>Full names of what a method calls.</summary>
    public static IEnumerable<string> CallsOf(MethodDefinition method) =>
        method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().Select(call => call.FullName);
}
