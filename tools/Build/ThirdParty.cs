using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Replicate.Build;

/// <summary>A package of others that is shipped.</summary>
/// <param name="Name">Its name in its registry.</param>
/// <param name="Version">Its version.</param>
/// <param name="Registry">Which registry it comes from: <c>nuget</c> or <c>npm</c>.</param>
/// <param name="License">Its licence: an SPDX expression.</param>
/// <param name="Copyright">Whose it is.</param>
/// <param name="Address">Where it is described; empty where it doesn't say.</param>
/// <param name="Text">The text of its licence where it brings one; null for the common text of the licence.</param>
internal sealed record ThirdPartyPackage(
    string Name, string Version, string Registry, string License, string Copyright, string Address, string? Text);

/// <summary>The packages of others that module, command and library ship, and what their licences ask to be said.</summary>
internal static partial class ThirdParty
{
    private const string AssetsDirectory = "src/Replicate.Adapters/Assets";

    /// <summary>All of them, by name. They were restored before.</summary>
    public static IReadOnlyList<ThirdPartyPackage> Packages { get; } =
    [
        .. FromNuGet("src/Replicate.Adapters/bin/Release/net10.0/Replicate.Adapters.deps.json")
            .Concat(FromNuGet("out/cli/Replicate.Cli.deps.json"))
            .Concat(FromNpm())
            .Concat(FromBundle())
            .DistinctBy(package => package.Name)
            .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>The text of THIRD-PARTY-NOTICES.txt.</summary>
    public static string Notices()
    {
        var text = new StringBuilder("Replicate for PowerShell includes the packages below, each under its own licence.\n");
        foreach (var package in Packages)
        {
            text.Append('\n').Append('-', 100).Append('\n')
                .Append(CultureInfo.InvariantCulture, $"{package.Name} {package.Version}\n{package.Copyright}\n")
                .Append(package.Address.Length > 0 ? package.Address + "\n" : "")
                .Append(CultureInfo.InvariantCulture, $"Licence: {package.License}\n");
            if (package.Text is { } own)
            {
                text.Append('\n').Append(own.ReplaceLineEndings("\n").Trim()).Append('\n');
            }
        }

        foreach (var license in Packages.Where(package => package.Text is null).Select(package => package.License).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append('\n').Append('=', 100).Append('\n').Append(CultureInfo.InvariantCulture, $"{license}\n\n").Append(CommonText(license).Trim()).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<ThirdPartyPackage> FromNuGet(string dependencies)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Shell.At(dependencies)));
        foreach (var library in document.RootElement.GetProperty("libraries").EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package"))
        {
            var parts = library.Name.Split('/');
            yield return Read(parts[0], parts[1]);
        }
    }

    private static ThirdPartyPackage Read(string name, string version)
    {
        var directory = Path.Combine(PackagesDirectory, name.ToLowerInvariant(), version.ToLowerInvariant());
        var metadata = XDocument.Load(Path.Combine(directory, name.ToLowerInvariant() + ".nuspec")).Root!.Elements().First();
        string Value(string element) => metadata.Elements().FirstOrDefault(child => child.Name.LocalName == element)?.Value.Trim() ?? "";
        var license = metadata.Elements().FirstOrDefault(child => child.Name.LocalName == "license");
        var isFile = (string?)license?.Attribute("type") == "file";
        var known = isFile ? null : license?.Value ?? FromAddress(name, Value("licenseUrl"));

        // The texts that many share are said once; of another the package has its own.
        var file = isFile ? Path.Combine(directory, license!.Value.Replace('\\', '/'))
            : File.Exists(CommonPath(known!)) ? null
            : Path.Combine(directory, "LICENSE");
        var text = file is null ? null : File.ReadAllText(file);
        return new(
            name, version, "nuget",
            known ?? Recognize(name, text!),
            Value("copyright") is { Length: > 0 } copyright ? copyright : "Copyright (c) " + Value("authors"),
            Value("projectUrl"), text);
    }

    private static IEnumerable<ThirdPartyPackage> FromNpm() =>
        AssetRow().Matches(File.ReadAllText(Shell.At(AssetsDirectory, "README.md"))).Select(row => new ThirdPartyPackage(
            row.Groups[1].Value, row.Groups[2].Value, "npm", "BSD-3-Clause",
            "Copyright (c) 2015-2023, University of Washington Interactive Data Lab", "https://vega.github.io",
            File.ReadAllText(Shell.At(AssetsDirectory, "LICENSE"))));

    /// <summary>What is in the bundle of the report's page, which begins with the licences of it all.</summary>
    private static IEnumerable<ThirdPartyPackage> FromBundle()
    {
        var bundle = File.ReadAllText(Shell.At("src/Replicate.Adapters/PageLibraries/page.min.js"));
        var licences = bundle[2..bundle.IndexOf("*/", StringComparison.Ordinal)];
        var heads = BundledPackage().Matches(licences);
        for (var i = 0; i < heads.Count; i++)
        {
            var start = heads[i].Index + heads[i].Length;
            var text = licences[start..(i + 1 < heads.Count ? heads[i + 1].Index : licences.Length)].Trim();
            var name = heads[i].Groups[1].Value;
            var copyright = text.Split('\n').FirstOrDefault(line => line.Contains("Copyright", StringComparison.OrdinalIgnoreCase))?.Trim() ?? "";
            yield return new(name, heads[i].Groups[2].Value, "npm", heads[i].Groups[3].Value, copyright, $"https://www.npmjs.com/package/{name}", text);
        }
    }

    private static string Recognize(string name, string text) =>
        text.Contains("Apache License", StringComparison.OrdinalIgnoreCase) ? "Apache-2.0"
        : text.Contains("Permission is hereby granted, free of charge", StringComparison.OrdinalIgnoreCase) ? "MIT"
        : text.Contains("Redistribution and use in source and binary forms", StringComparison.OrdinalIgnoreCase) ? "BSD-3-Clause"
        : throw Unknown(name, text.Split('\n')[0]);

    private static string FromAddress(string name, string address) =>
        address.Contains("apache", StringComparison.OrdinalIgnoreCase) || address.Contains("aws.amazon.com", StringComparison.Ordinal) ? "Apache-2.0"
        : address.Contains("MIT", StringComparison.OrdinalIgnoreCase) || address.Contains("dotnet/", StringComparison.Ordinal) ? "MIT"
        : throw Unknown(name, address);

    private static TaskFailedException Unknown(string name, string license) =>
        new($"The licence of {name} is not known: '{license}'. Look it up, and add it to tools/Build/ThirdParty.cs.");

    private static string CommonText(string license) => File.ReadAllText(CommonPath(license));

    private static string CommonPath(string license) => Shell.At("packaging", "licences", license + ".txt");

    // Where the package of Pester was restored to: <packages>/pester/<version>/tools/Pester.psd1.
    private static string PackagesDirectory => Path.GetFullPath(Path.Combine(PowerShellHost.Pester, "..", "..", "..", ".."));

    [GeneratedRegex(@"^((?:@[\w.-]+/)?[\w.-]+)@(\d[\w.-]*) \(([^)\n]+)\)$", RegexOptions.Multiline)]
    private static partial Regex BundledPackage();

    [GeneratedRegex(@"^\| `[^`]+` \| `([^`]+)` \| (\S+) \|", RegexOptions.Multiline)]
    private static partial Regex AssetRow();
}
