using System.Diagnostics;
using Replicate.Adapters;
using Replicate.Tests.Support;

namespace Replicate.Tests.Adapters;

public class IgnoreRulesTests
{
    private static readonly string[] Files =
    [
        "a", "b.log", "c/a", "c/b.log", "c/d/a", "c/d/b.log", "c/d/e/f.txt", "d/a", "d/c/a", "keep/b.log", "keep/a",
        "build/out.o", "c/build", "#a", "!a", "^a", "a b", "a ", "x!y", "x^y", "a+b", "a.b", "ab", "aab", "a*b", "a\\b", "[a]",
        "(a)", "{a,b}", "a$", "a|b", "foobar/foo", "foo", "Foo", "a-b", "]", "z/y/x/w/v", "...", ".hidden", "c/.hidden",
        "A", "1", "2x",
    ];

    private static readonly string[] Directories =
        ["c", "c/d", "c/d/e", "d", "d/c", "keep", "build", "foobar", "z", "z/y", "z/y/x", "z/y/x/w"];

    private static readonly string[] Cases =
    [
        "a", "/a", "a/", "c/", "c", "/c", "c/a", "c/*", "c/**", "c/**/a", "**/a", "**/d/a", "/**/a", "*", "/*", "*.log", "/*.log", "c/*.log",
        "*.log\n!keep", "*.log\n!b.log", "*.log\n!keep/b.log", "*.log\n!/keep/b.log", "*.log\n!/b.log", "c/\n!c/a", "c/*\n!c/a", "c/*\n!c/d/",
        "/*\n!/c\n/c/*\n!/c/d", "build", "build/", "/build/", "\\#a", "#a", "\\!a", "!a\na\n!a", "a\\ b", "a b", "a ", "a\\ ", "a   ", "  a",
        "x!y", "x^y", "^a", "a+b", "a.b", "a?b", "a[+]b", "a[!+]b", "a[^+]b", "[ab]*", "[!a]", "[^a]", "[a-c]", "[!a-c]", "a\\*b", "a[*]b",
        "a\\\\b", "\\[a\\]", "[[]a]", "[]]", "[]a]", "[a", "a[", "a[b", "[!]", "(a)", "{a,b}", "a$", "a|b", "foo", "/foo", "foo/", "foobar/foo",
        "**", "**/", "/**", "a**b", "c**", "**a", "c/d**", "***", "c/***/a", "**/**/a", "c/**/**/a", "?", "??", "/?", "*/", "*/*",
        "*/*/a", "c/?/a", "z/**/v", "z/**/w/v", "z/y/**", "z/y/**/v", "**/x/**", "...", ".*", "/.*", "\\a", "c\\/a", "!", "/", "//", "c//a", "", " ",
        "\t", "\\", "a\\", "\\\\", "a/b/c/", "c/d/e/f.txt", "*\n!*/\n!*.txt", "*\n!.hidden", "[[:alpha:]]", "[[:digit:]]*", "[[:upper:]]", "[[:space:]]a",
        "[a-]b", "a[-]b", "[!!]a", "[!^]a", "[\\!]a", "[a!]a", "[!a]b", "f*o", "F*", "c/./a", "./a", "../a", "c/../a", "a/**", "**/c/", "!**/a", "*a*", "*\\**",
        "*[*]*", "\\?", "a\\?b", "[.]*", "b[.]log", "*.[lo]*", "*.l?g", "!c/\nc", "c\n!c/", "d\n!c", "\\ a", "a\u00a0", "#", "\\#", "!#a", "!!a", "\\!!a",
    ];

    [Fact]
    public void Rules_exclude_what_git_excludes()
    {
        var random = new Random(7);
        string[] tokens = ["a", "b", "c", "d", "*", "?", "**", "/", "!", ".", "[ab]", "[!a]", "\\", " ", "#", "\n", "\n!", "\n/", "/**", "**/", "*.log", "keep"];
        var made = Enumerable.Range(0, 100).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => tokens[random.Next(tokens.Length)])));
        var differences = CompareWithGit([.. Cases, .. made]);

        if (differences.Count > 0) Assert.Fail(string.Join('\n', differences));
    }

    [Fact]
    public void Names_that_are_not_English_match()
    {
        var rules = AdapterLoader.Adapters.CompileIgnoreRules(["é", "/ä/?", "*.üß"]);

        Assert.All(["é", "c/é", "ä/ö", "x.üß"], path => Assert.True(rules.Excludes(path, isDirectory: false)));
        Assert.False(rules.Excludes("ä", isDirectory: true));
    }

    private static List<string> CompareWithGit(IReadOnlyList<string> cases)
    {
        using var directory = new TemporaryDirectory();
        Git(directory.Path, "", "init", "-q");
        foreach (var (rules, i) in cases.Select((rules, i) => (rules, i)))
        {
            directory.Write($"{i}/.gitignore", rules + "\n");
            foreach (var below in Directories)
            {
                Directory.CreateDirectory(directory.Combine($"{i}", below));
            }
        }

        var places = Files.Concat(Directories).ToList();
        var asked = cases.SelectMany((_, i) => places.Select(path => $"{i}/{path}"));
        var excluded = Git(directory.Path, string.Join('\0', asked) + '\0', "check-ignore", "--no-index", "-z", "--stdin").Split('\0').ToHashSet();
        var differences = new List<string>();
        foreach (var (text, i) in cases.Select((text, i) => (text, i)))
        {
            var rules = AdapterLoader.Adapters.CompileIgnoreRules(text.Split('\n'));
            differences.AddRange(
                from path in places
                let expected = excluded.Contains($"{i}/{path}")
                where rules.Excludes(path, Directories.Contains(path)) != expected
                select $"{text.Replace("\n", "\\n")} on {path}: git says {expected}");
        }

        return differences;
    }

    private static string Git(string directory, string input, params string[] arguments)
    {
        Needs.Git.Require();
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false), StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return output.GetAwaiter().GetResult();
    }
}
