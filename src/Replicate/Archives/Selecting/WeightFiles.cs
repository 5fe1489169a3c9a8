using System.Buffers;

namespace Replicate.Archives.Selecting;

/// <summary>Tells files that look like the weights of a model, by their names.</summary>
internal static class WeightFiles
{
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pt", ".pth", ".ckpt", ".safetensors", ".keras", ".onnx", ".gguf", ".tflite", ".pdparams", ".cbm", ".weights", ".mlmodel",
    };

    private static readonly HashSet<string> WithAName = new(StringComparer.OrdinalIgnoreCase)
    {
        ".json", ".ubj", ".bin", ".h5", ".hdf5", ".npy", ".npz", ".pkl", ".pickle", ".joblib", ".pb", ".txt", ".mat", ".rds", ".zip",
    };

    private static readonly SearchValues<char> Numbering = SearchValues.Create("0123456789-_.=");

    private static readonly string[] ModelNames = ["model", "weights", "checkpoint", "ckpt", "state_dict", "pytorch_model", "tf_model", "best_model", "final_model", "saved_model"];

    /// <summary>Whether a path does.</summary>
    internal static bool Contains(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var extension = Path.GetExtension(name);
        return Always.Contains(extension)
            || (WithAName.Contains(extension) && Array.Exists(ModelNames, model => IsNumbered(Path.GetFileNameWithoutExtension(name), model)));
    }

    /// <summary>Whether a name is the word, or the word with a number or a mark of the step.</summary>
    private static bool IsNumbered(string name, string word) =>
        name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        && name.AsSpan(word.Length).IndexOfAnyExcept(Numbering) is var rest
        && (rest < 0 || (name.Length > word.Length && name[word.Length] is '-' or '_' or '.' && IsMark(name.AsSpan(word.Length))));

    private static bool IsMark(ReadOnlySpan<char> rest)
    {
        foreach (var mark in (ReadOnlySpan<string>)["best", "last", "latest", "final", "epoch", "step"])
        {
            if (rest.TrimStart("-_.").StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
