using System.Text.RegularExpressions;
using Replicate.Help;
using Replicate.Tests.Support;

namespace Replicate.Tests.Module;

public partial class ManifestTests
{
    // What Get-Verb lists in PowerShell 7.
    private static readonly HashSet<string> ApprovedVerbs =
    [
        "Add", "Approve", "Assert", "Backup", "Block", "Build", "Checkpoint", "Clear", "Close", "Compare", "Complete", "Compress",
        "Confirm", "Connect", "Convert", "ConvertFrom", "ConvertTo", "Copy", "Debug", "Deny", "Deploy", "Disable", "Disconnect",
        "Dismount", "Edit", "Enable", "Enter", "Exit", "Expand", "Export", "Find", "Format", "Get", "Grant", "Group", "Hide",
        "Import", "Initialize", "Install", "Invoke", "Join", "Limit", "Lock", "Measure", "Merge", "Mount", "Move", "New", "Open",
        "Optimize", "Out", "Ping", "Pop", "Protect", "Publish", "Push", "Read", "Receive", "Redo", "Register", "Remove", "Rename",
        "Repair", "Request", "Reset", "Resize", "Resolve", "Restart", "Restore", "Resume", "Revoke", "Save", "Search", "Select",
        "Send", "Set", "Show", "Skip", "Split", "Start", "Step", "Stop", "Submit", "Suspend", "Switch", "Sync", "Test", "Trace",
        "Unblock", "Undo", "Uninstall", "Unlock", "Unprotect", "Unpublish", "Unregister", "Update", "Use", "Wait", "Watch", "Write",
    ];

    private static readonly IReadOnlyList<CmdletDescription> Cmdlets =
        CmdletDescription.ReadAll(System.Reflection.Assembly.Load("Replicate.PowerShell"));

    [Fact]
    public void Cmdlets_are_named_with_approved_verbs_and_the_prefix()
    {
        Assert.NotEmpty(Cmdlets);
        Assert.All(Cmdlets, cmdlet => Assert.Contains(cmdlet.Verb, ApprovedVerbs));
        Assert.All(Cmdlets, cmdlet => Assert.StartsWith("Replicate", cmdlet.Noun, StringComparison.Ordinal));
    }

    [Fact]
    public void The_manifest_exports_the_compiled_cmdlets_and_nothing_else()
    {
        var manifest = File.ReadAllText(Path.Combine(Checkout.Root, "Replicate.psd1"));
        Assert.Equal(Cmdlets.Select(cmdlet => cmdlet.Name), Strings(manifest, "CmdletsToExport").Order(StringComparer.Ordinal));
        Assert.Empty(Strings(manifest, "FunctionsToExport"));
        Assert.Empty(Strings(manifest, "VariablesToExport"));
    }

    [Fact]
    public void The_manifest_has_the_version_of_the_binaries()
    {
        var manifest = File.ReadAllText(Path.Combine(Checkout.Root, "Replicate.psd1"));
        var version = typeof(Project).Assembly.GetName().Version!;
        Assert.Equal([version.ToString(3)], Strings(manifest, "ModuleVersion"));
    }

    [Fact]
    public void What_the_manifest_names_is_in_the_checkout()
    {
        var manifest = File.ReadAllText(Path.Combine(Checkout.Root, "Replicate.psd1"));
        var files = Strings(manifest, "RootModule").Concat(Strings(manifest, "FormatsToProcess")).Concat(Strings(manifest, "TypesToProcess"));
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Checkout.Root, file)), $"{file} is missing."));
    }

    /// <summary>The strings of an entry: one, or those of a list.</summary>
    private static IEnumerable<string> Strings(string manifest, string key)
    {
        var entry = Regex.Match(manifest, $@"^\s*{key}\s*=\s*(@\((?<value>[^)]*)\)|(?<value>.*)$)", RegexOptions.Multiline);
        Assert.True(entry.Success, $"The manifest has no {key}.");
        return Quoted().Matches(entry.Groups["value"].Value).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
