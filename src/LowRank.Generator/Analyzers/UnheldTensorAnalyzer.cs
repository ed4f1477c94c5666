using System.Collections.Immutable;
using LowRank.Generator.Analyzers.Tensors;
using LowRank.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Finds temporary tensors, and scalars that numbers become, whose native handle is read by the last call that sees them. TorchSharp hands
/// the handle to native code and doesn't keep the object alive meanwhile: the garbage collector may finalize it, which frees what the call
/// works on.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnheldTensorAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [TensorRules.UnheldTemporary, TensorRules.UnheldScalar];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (TensorTypes.In(start.Compilation) is not { } types)
                return;
            var (temporaries, reads, scopes) = (new Temporaries(types), new HandleReads(types), new Scopes(types));
            start.RegisterOperationAction(
                operation => Analyze(operation, types, temporaries, reads, scopes),
                OperationKind.Invocation,
                OperationKind.PropertyReference,
                OperationKind.Binary,
                OperationKind.Unary,
                OperationKind.Conversion,
                OperationKind.CompoundAssignment,
                OperationKind.SimpleAssignment
            );
        });
    }

    private static void Analyze(
        OperationAnalysisContext context,
        TensorTypes types,
        Temporaries temporaries,
        HandleReads reads,
        Scopes scopes
    )
    {
        const string hold = "declare it with 'using Scalar'";
        const string replace = "use the overload that takes it, or another operation";
        // An operator that takes a number makes the scalar itself.
        foreach (var number in reads.NumbersOf(context.Operation))
            Report(TensorRules.UnheldScalar, number, Becomes(number), hold);
        if (reads.OwnScalarOf(context.Operation) is { } own)
            Report(TensorRules.UnheldScalar, context.Operation, $"TorchSharp makes a Scalar by itself ({own})", replace);
        foreach (var value in reads.Of(context.Operation))
        {
            if (temporaries.In(value) is not { } made)
                continue;
            if (types.IsScalar(made.Type))
                Report(TensorRules.UnheldScalar, made, Becomes(made), hold);
            else if (!scopes.Hold(context.Operation))
                Report(TensorRules.UnheldTemporary, made, MemberNames.Of(made), null);
        }

        static string Becomes(IOperation number) => $"'{number.Syntax}' becomes a Scalar";

        void Report(DiagnosticDescriptor rule, IOperation made, string name, string? remedy) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, made.Syntax.GetLocation(), name, MemberNames.Of(context.Operation), remedy));
    }
}
