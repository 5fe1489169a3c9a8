using Replicate.Help;

if (args is not [var pages, var abouts, var output, var address])
{
    Console.Error.WriteLine("Usage: HelpBuilder <directory of pages> <directory of about pages> <MAML file to write> <address of the pages, with a slash at its end>");
    return 2;
}

var problems = new List<string>();
var topics = HelpTopics.Read(pages, problems);
foreach (var problem in problems)
{
    Console.Error.WriteLine(problem);
}

if (problems.Count > 0)
{
    return 1;
}

var directory = Path.GetDirectoryName(Path.GetFullPath(output))!;
Directory.CreateDirectory(directory);
MamlWriter.Write(topics, new Uri(address)).Save(output);
foreach (var page in Directory.EnumerateFiles(abouts, "about_*.md"))
{
    File.WriteAllText(
        Path.Combine(directory, Path.GetFileNameWithoutExtension(page) + ".help.txt"),
        AboutText.Write(File.ReadAllLines(page)));
}

return 0;
