using Replicate.Help;

if (args is not [var pages, var output])
{
    Console.Error.WriteLine("Usage: HelpBuilder <directory of pages> <MAML file to write>");
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

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
MamlWriter.Write(topics).Save(output);
return 0;
