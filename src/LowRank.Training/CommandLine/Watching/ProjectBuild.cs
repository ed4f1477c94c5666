using System.Text.Json;
using LowRank.Training.CommandLine.Commands;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>
/// Builds a project into a folder of its own, that the running program and the user's own builds are left alone, and asks what was built
/// for its descriptions.
/// </summary>
internal sealed class ProjectBuild : IDisposable
{
    private const string TargetsName = "describe.targets";
    private const string ProgramName = "program.txt";
    private const string FoldersName = "folders.txt";
    private const string DescriptionsName = "descriptions.json";

    // Over budget the figures are what is wanted, and nothing but errors keeps them from being had. What was built runs with the packages
    // where they are: copies of libtorch would take longer than all the rest.
    private const string Targets = $"""
        <Project>
          <PropertyGroup>
            <NoWarn>$(NoWarn);LRK0502</NoWarn>
            <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
            <MSBuildTreatWarningsAsErrors>false</MSBuildTreatWarningsAsErrors>
            <CopyLocalLockFileAssemblies>false</CopyLocalLockFileAssemblies>
            <GenerateRuntimeConfigDevFile>true</GenerateRuntimeConfigDevFile>
            <SelfContained>false</SelfContained>
            <UseAppHost>false</UseAppHost>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <Target Name="LowRankNoteFolder" BeforeTargets="CoreCompile">
            <WriteLinesToFile File="$(MSBuildThisFileDirectory){FoldersName}" Lines="$(MSBuildProjectDirectory)" />
          </Target>
          <!-- The program comes last: it waits for what it refers to. -->
          <Target Name="LowRankNoteProgram" AfterTargets="Build">
            <WriteLinesToFile File="$(MSBuildThisFileDirectory){ProgramName}" Lines="$(TargetPath)" />
          </Target>
        </Project>
        """;

    private readonly string host = ChildProcess.Host();
    private readonly string folder = Directory.CreateTempSubdirectory("lowrank-describe-").FullName;
    private readonly string project;
    private readonly IReadOnlyList<string> described;

    /// <summary>Makes the folder.</summary>
    /// <param name="project">The project's file.</param>
    /// <param name="described">The model, where it is one, and the options of its description.</param>
    public ProjectBuild(string project, IReadOnlyList<string> described)
    {
        (this.project, this.described) = (project, described);
        File.WriteAllText(Path.Combine(folder, TargetsName), Targets);
    }

    /// <summary>The folders of the projects that were built: that of the program, and of those it refers to.</summary>
    public IReadOnlyList<string> Folders =>
        [.. Noted(FoldersName).Prepend(Path.GetDirectoryName(project)!).Distinct(StringComparer.Ordinal)];

    /// <summary>Builds what is saved, and describes it.</summary>
    /// <param name="restores">Whether packages may have changed.</param>
    /// <param name="stop">Ends the build.</param>
    public async Task<BuildResult> RunAsync(bool restores, CancellationToken stop)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(host, BuildArguments(restores), stop);
        if (exitCode != 0)
            return BuildResult.Failed(
                BuildError.In(output, project) is { Count: > 0 } errors
                    ? errors
                    : [BuildError.Of(LastLine(output, exitCode, "dotnet build"))]
            );
        if (Noted(ProgramName) is not [.., var program])
            return BuildResult.Failed([BuildError.Of($"{Path.GetFileName(project)} was built, and left no program.")]);
        var file = Path.Combine(folder, DescriptionsName);
        File.Delete(file);
        (exitCode, output) = await ChildProcess.RunAsync(host, [program, DescribeIntoCommand.Name, file, .. described], stop);
        if (exitCode != ExitCode.Success || !File.Exists(file))
            return BuildResult.Failed([BuildError.Of(LastLine(output, exitCode, Path.GetFileName(program)))]);
        try
        {
            return BuildResult.Of(ModelDescriptions.Read(file));
        }
        catch (JsonException)
        {
            return BuildResult.Failed([
                BuildError.Of("The program was built with another version of LowRank.Training than this one; start the watch again."),
            ]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The compiler's server may hold a file on Windows; the system clears its temporary folder.
        }
    }

    private IEnumerable<string> BuildArguments(bool restores) =>
        [
            "build",
            project,
            "-nologo",
            "-verbosity:quiet",
            "-tl:off",
            "-consoleLoggerParameters:ErrorsOnly;NoSummary",
            // Nothing that a build starts is left when the watch ends.
            "-nodeReuse:false",
            "--artifacts-path",
            Path.Combine(folder, "built"),
            $"-p:CustomAfterMicrosoftCommonTargets={Path.Combine(folder, TargetsName)}",
            .. restores ? Array.Empty<string>() : ["--no-restore"],
        ];

    private string[] Noted(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllLines(path) : [];

    private static string LastLine(string output, int exitCode, string program) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? $"{program}: {last}"
            : $"{program} ended with exit code {exitCode}.";
}
