using Replicate.Build;

var task = args.FirstOrDefault() ?? "build";
var options = args.Skip(1).ToArray();
try
{
    return task switch
    {
        "build" => Tasks.Build(options),
        "quick" => Tasks.Quick(options),
        "test" => Tasks.Test(options),
        "demo" => Tasks.Demo(),
        "bench" => Tasks.Bench(options),
        "reliability" => Tasks.Reliability(options),
        "windows" => WindowsSuite.Run(options),
        "package" => Tasks.Package(),
        "native" => NativeCommand.Build(),
        "release" => Release.Make(options),
        _ => Usage(),
    };
}
catch (TaskFailedException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        Usage: build [task] [options]

          build     compile the solution; the module's binaries go to bin/, the command to out/cli/
          quick     compile and run the tests of the engine whose names hold a word: 'quick Filter'
          test      build, then run all tests; 'test xunit …' or 'test pester …' runs one suite with options for it;
                    '--all' before that installs what tests need of Debian's packages (as root or by sudo; '--yes' without asking)
          demo      build, then train twice on the Iris data, list, compare and check out the better model
          bench     build, then run the benchmarks; 'bench engine …' or 'bench process' runs one part
          reliability
                    build, then fuzz, kill, let stores fail and load: 'reliability fuzz --count 1000000' runs one part
          windows   build, then run the tests of engine and command on Windows' .NET by Wine: 'windows --all', 'windows Storage'
          package   put what Publish-PSResource publishes into out/Replicate
          native    build, then compile the command to a program of this platform, out/native/replicate (takes clang or gcc)
          release   make everything that is installed, into out/release: module, command, library, extension; '--here' for this platform
        """);
    return 2;
}
