namespace LowRank.Package.Tests.Consumers;

/// <summary>A project outside the repository that knows LowRank by its packages alone.</summary>
internal sealed class ConsumerProject
{
    private readonly PackedFeed feed;

    /// <summary>Writes the project.</summary>
    /// <param name="feed">The packages.</param>
    /// <param name="name">The name of the project and of its folder.</param>
    /// <param name="outputType"><c>Exe</c> or <c>Library</c>.</param>
    /// <param name="references">Lines of the project's references.</param>
    /// <param name="files">Its files.</param>
    public ConsumerProject(PackedFeed feed, string name, string outputType, string references, params (string Name, string Text)[] files)
    {
        this.feed = feed;
        Folder = Path.Combine(feed.Folder, name);
        Directory.CreateDirectory(Folder);
        Write(
            $"{name}.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>{outputType}</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
            {references}
              </ItemGroup>
            </Project>
            """
        );
        foreach (var (file, text) in files)
            Write(file, text);
    }

    public string Folder { get; }

    /// <summary>The line that a program adds for its native library.</summary>
    public static string Libtorch =>
        $"""<PackageReference Include="libtorch-cpu-$(NETCoreSdkPortableRuntimeIdentifier)" Version="{ThisBuild.LibtorchVersion}" />""";

    public static string Reference(string package, PackedFeed feed) =>
        $"""<PackageReference Include="{package}" Version="{feed.Version}" />""";

    public CommandResult Dotnet(params string[] arguments) => DotnetCommand.Run(Folder, feed.Variables, arguments);

    public CommandResult Build(params string[] arguments) => Dotnet(["build", "-m:1", .. arguments]);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text + "\n");
}
