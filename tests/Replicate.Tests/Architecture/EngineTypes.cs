using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Replicate.Tests.Support;

namespace Replicate.Tests.Architecture;

/// <summary>The types of the engine as they were compiled, each with the folder of its source and the types that it uses.</summary>
internal sealed partial class EngineTypes : IDisposable
{
    private readonly AssemblyDefinition _assembly = AssemblyDefinition.ReadAssembly(typeof(Project).Assembly.Location);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Reads the assembly, and of the sources which type is declared where.</summary>
    internal EngineTypes()
    {
        foreach (var file in Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (folder.Split('/')[0] is "bin" or "obj")
            {
                continue;
            }

            var text = File.ReadAllText(file);
            var space = Namespace().Match(text).Groups[1].Value;
            foreach (System.Text.RegularExpressions.Match type in Declaration().Matches(text))
            {
                _folders[$"{space}.{type.Groups[1].Value}"] = folder;
            }
        }
    }

    /// <summary>The absolute directory of the engine's sources.</summary>
    internal static string Root { get; } = Path.Combine(Checkout.Root, "src/Replicate");

    /// <summary>The namespaces of the engine with the folders of their types.</summary>
    internal ILookup<string, string> Namespaces => _folders.ToLookup(type => type.Key[..type.Key.LastIndexOf('.')], type => type.Value);

    /// <summary>Each use of a type in another folder: the folder and type that use it, and the folder and type that are used.</summary>
    internal IEnumerable<Use> Uses() => _assembly.MainModule.Types
        .Where(type => FolderOf(type) is not null)
        .SelectMany(type => References(type).Select(Outermost).Distinct()
            .Where(used => FolderOf(used) is { } folder && folder != FolderOf(type))
            .Select(used => new Use(FolderOf(type)!, NameOf(type), FolderOf(used)!, NameOf(used))))
        .Distinct();

    /// <inheritdoc/>
    public void Dispose() => _assembly.Dispose();

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var signatures = type.Fields.Select(field => field.FieldType)
            .Concat(type.Interfaces.Select(implemented => implemented.InterfaceType))
            .Concat(type.BaseType is null ? [] : [type.BaseType])
            .Concat(type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
        var bodies = type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Variables.Select(variable => variable.VariableType)
            .Concat(method.Body.Instructions.SelectMany(ReferencesOf)));
        return signatures.Concat(bodies).SelectMany(Parts).Concat(type.NestedTypes.SelectMany(References));
    }

    private static IEnumerable<TypeReference> ReferencesOf(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => method.GenericArguments.Append(method.DeclaringType).Append(method.ReturnType),
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    /// <summary>A type with the arguments of it, where it is generic.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        (type is GenericInstanceType generic ? generic.GenericArguments.SelectMany(Parts) : []).Append(type.GetElementType());

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    private static string NameOf(TypeReference type) => type.Name.Split('`')[0];

    private string? FolderOf(TypeReference type) => _folders.GetValueOrDefault($"{type.Namespace}.{NameOf(type)}");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|struct|interface|enum|record\s+struct|record|delegate\s+[\w<>?\[\]]+)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>A type that uses one of another folder.</summary>
    internal sealed record Use(string FromFolder, string From, string ToFolder, string To);
}
