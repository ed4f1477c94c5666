using LowRank.Training.Pretrained;
using LowRank.Training.Pretrained.Declarations;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>import DIR --declare FILE</c>: the C# declaration of a checkpoint.</summary>
internal static class DeclarationFile
{
    /// <summary>Writes it and says how to go on.</summary>
    /// <param name="app">The program.</param>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="file">A new file.</param>
    /// <param name="model">The class's name; null for one made of the folder's.</param>
    /// <param name="json">Whether a program reads the answer.</param>
    /// <exception cref="InputException">The checkpoint can't be declared, or the file is there already.</exception>
    public static int Write(AppSession app, string folder, string file, string? model, bool json)
    {
        var written = WrittenDeclaration.Of(folder, model);
        written.WriteTo(file);
        if (json)
        {
            JsonOutput.Print(
                app.Console.Output,
                document =>
                {
                    document.WriteString("model", written.Class);
                    document.WriteString("architecture", written.Architecture.Key());
                    document.WriteString("file", file);
                }
            );
            return ExitCode.Success;
        }

        app.Console.Output.WriteLine(
            $"{file} declares {written.Class}, a {written.Architecture.Key()}. Compile it with the program, and import its weights:"
        );
        app.Console.Output.WriteLine(ShellText.Command(["import", folder, "--model", written.Class, "--to", $"runs/{written.Class}"]));
        return ExitCode.Success;
    }
}
