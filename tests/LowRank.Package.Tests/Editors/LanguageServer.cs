using System.Diagnostics;
using System.Text.Json;
using StreamJsonRpc;

namespace LowRank.Package.Tests.Editors;

/// <summary>A <c>csharp-ls</c> that has loaded a folder's project, with its analyzers turned on and generated code open to it.</summary>
internal sealed class LanguageServer : IAsyncDisposable
{
    public const string Version = "0.28.0";

    /// <summary>The protocol's number of a severity.</summary>
    public const int Error = 1;

    /// <inheritdoc cref="Error"/>
    public const int Information = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly string folder;
    private readonly JsonRpc rpc;

    private LanguageServer(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
        rpc = new(
            new HeaderDelimitedMessageHandler(
                process.StandardInput.BaseStream,
                process.StandardOutput.BaseStream,
                new SystemTextJsonFormatter()
            )
        );
        rpc.AddLocalRpcTarget(new Client());
        rpc.StartListening();
    }

    /// <summary>Installs the server beside the packages; null where NuGet has nothing to give.</summary>
    public static string? Install(PackedFeed feed)
    {
        var tools = Path.Combine(feed.Folder, "tools");
        var installed = DotnetCommand.Run(
            feed.Folder,
            new Dictionary<string, string>(),
            "tool",
            "install",
            "csharp-ls",
            "--version",
            Version,
            "--tool-path",
            tools
        );
        return installed.ExitCode == 0 ? Path.Combine(tools, OperatingSystem.IsWindows() ? "csharp-ls.exe" : "csharp-ls") : null;
    }

    public static async Task<LanguageServer> StartAsync(string program, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, ["--features", "metadata-uris", "--loglevel", "error"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        DotnetCommand.Clean(start, environment);
        var server = new LanguageServer(Process.Start(start)!, folder);
        var root = new Uri(folder).AbsoluteUri;
        await server.AskAsync(
            "initialize",
            new
            {
                processId = Environment.ProcessId,
                rootUri = root,
                workspaceFolders = new[] { new { uri = root, name = "edited" } },
                capabilities = new
                {
                    textDocument = new { diagnostic = new { dynamicRegistration = true } },
                    workspace = new { configuration = true },
                },
            }
        );
        await server.rpc.NotifyWithParameterObjectAsync("initialized", new { });
        return server;
    }

    /// <summary>What is wrong with a file, as soon as its project has been loaded; the server doesn't wait for that.</summary>
    public async Task<IReadOnlyList<JsonElement>> DiagnosticsAsync(object document, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var found = (await AskAsync("textDocument/diagnostic", new { textDocument = document })).GetProperty("items");
            if (found.GetArrayLength() > 0 || clock.Elapsed > Patience)
                return [.. found.EnumerateArray()];
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancellation);
        }
    }

    /// <summary>Opens a file of the folder; returns how it is named from then on.</summary>
    public async Task<object> OpenAsync(string file, string text)
    {
        var uri = new Uri(Path.Combine(folder, file)).AbsoluteUri;
        await rpc.NotifyWithParameterObjectAsync(
            "textDocument/didOpen",
            new
            {
                textDocument = new
                {
                    uri,
                    languageId = "csharp",
                    version = 1,
                    text,
                },
            }
        );
        return new { uri };
    }

    public Task<JsonElement> AskAsync(string method, object parameters) =>
        rpc.InvokeWithParameterObjectAsync<JsonElement>(method, parameters);

    public async ValueTask DisposeAsync()
    {
        rpc.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>What the server asks of an editor.</summary>
#pragma warning disable CA1822 // JsonRpc calls the methods of an object.
    private sealed class Client
    {
        [JsonRpcMethod("workspace/configuration", UseSingleObjectParameterDeserialization = true)]
        public object[] Configure(JsonElement request) =>
            [.. request.GetProperty("items").EnumerateArray().Select(_ => new { analyzersEnabled = true })];

        [JsonRpcMethod("client/registerCapability", UseSingleObjectParameterDeserialization = true)]
        public object? Register(JsonElement request) => null;

        [JsonRpcMethod("window/logMessage", UseSingleObjectParameterDeserialization = true)]
        public void Log(JsonElement message) { }
    }
#pragma warning restore CA1822
}
