using Replicate.Recording.Environments;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class ProgramPathTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("python3.11")]
    public void A_program_is_found_by_the_name_that_a_person_types(string name)
    {
        using var directory = new TemporaryDirectory();
        var program = directory.Write(OperatingSystem.IsWindows() ? name + ".exe" : name, "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(program, ProgramPath.Find($"./{name}", directory.Path), ignoreCase: OperatingSystem.IsWindows());
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("train")]
    public void A_file_that_the_system_does_not_start_is_no_program(string name)
    {
        using var directory = new TemporaryDirectory();
        directory.Write(name, "");

        var error = Assert.Throws<ReplicateException>(() => ProgramPath.Find($"./{name}", directory.Path));

        Assert.Equal("ProgramNotExecutable", error.Id);
    }
}
