using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>
/// Calls an analyzer for every type, property and file of some sources, as the compiler would. The compiler's own driver binds every method
/// before it does, which costs more than all else; analyzers that ask for more than symbols need it and are refused here.
/// </summary>
internal sealed class AnalyzerHost : AnalysisContext
{
    private readonly List<Action<CompilationStartAnalysisContext>> starts = [];
    private readonly List<(Action<SymbolAnalysisContext> Action, ImmutableArray<SymbolKind> Kinds)> actions = [];
    private readonly List<Action<SemanticModelAnalysisContext>> modelActions = [];
    private readonly DiagnosticAnalyzer analyzer;

    public AnalyzerHost(DiagnosticAnalyzer analyzer)
    {
        this.analyzer = analyzer;
        analyzer.Initialize(this);
    }

    /// <summary>What the analyzer reports; whatever it throws comes out.</summary>
    public IReadOnlyList<Diagnostic> Run(Compilation compilation, IEnumerable<ISymbol> symbols, IEnumerable<SyntaxTree> files)
    {
        var options = new AnalyzerOptions([]);
        var start = new Start(compilation, options);
        foreach (var action in starts)
            action(start);
        var reported = new List<Diagnostic>();
        var all = actions.Concat(start.Actions).ToList();
        foreach (var symbol in symbols)
        {
#pragma warning disable CS0618 // The driver that should make it is what this class does without.
            var context = new SymbolAnalysisContext(symbol, compilation, options, Report, IsSupported, CancellationToken.None);
#pragma warning restore CS0618
            foreach (var (action, _) in all.Where(pair => pair.Kinds.Contains(symbol.Kind)))
                action(context);
        }

        foreach (var file in modelActions.Count == 0 ? [] : files)
        {
#pragma warning disable CS0618 // As above.
            var context = new SemanticModelAnalysisContext(
                compilation.GetSemanticModel(file),
                options,
                Report,
                IsSupported,
                CancellationToken.None
            );
#pragma warning restore CS0618
            foreach (var action in modelActions)
                action(context);
        }

        return reported;

        void Report(Diagnostic diagnostic) => reported.Add(diagnostic);
    }

    public override void EnableConcurrentExecution() { }

    public override void ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags analysisMode) { }

    public override void RegisterCompilationStartAction(Action<CompilationStartAnalysisContext> action) => starts.Add(action);

    public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
        actions.Add((action, symbolKinds));

    public override void RegisterCompilationAction(Action<CompilationAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => modelActions.Add(action);

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) =>
        throw new NotSupportedException();

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => throw new NotSupportedException();

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action,
        ImmutableArray<TLanguageKindEnum> syntaxKinds
    ) => throw new NotSupportedException();

    private bool IsSupported(Diagnostic diagnostic) =>
        analyzer.SupportedDiagnostics.Contains(diagnostic.Descriptor)
            ? true
            : throw new InvalidOperationException($"{analyzer.GetType().Name} doesn't list {diagnostic.Id}.");

    private sealed class Start(Compilation compilation, AnalyzerOptions options)
        : CompilationStartAnalysisContext(compilation, options, CancellationToken.None)
    {
        public List<(Action<SymbolAnalysisContext> Action, ImmutableArray<SymbolKind> Kinds)> Actions { get; } = [];

        public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
            Actions.Add((action, symbolKinds));

        public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) => throw new NotSupportedException();

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => throw new NotSupportedException();

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw new NotSupportedException();

        public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
            Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action
        ) => throw new NotSupportedException();

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => throw new NotSupportedException();

        public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
            Action<SyntaxNodeAnalysisContext> action,
            ImmutableArray<TLanguageKindEnum> syntaxKinds
        ) => throw new NotSupportedException();
    }
}
