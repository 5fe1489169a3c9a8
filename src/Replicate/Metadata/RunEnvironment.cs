namespace Replicate.Metadata;

/// <summary>What a run had around it.</summary>
/// <param name="Facts">The system, processor and so on, by name.</param>
/// <param name="Git">Commit, branch, and whether the tree was dirty; empty outside a repository of git.</param>
/// <param name="PythonVersion">The version of Python; empty where none is used or found.</param>
/// <param name="PythonPackages">Its packages with their versions.</param>
internal sealed record RunEnvironment(ValueMap Facts, ValueMap Git, string PythonVersion, ValueMap PythonPackages);
