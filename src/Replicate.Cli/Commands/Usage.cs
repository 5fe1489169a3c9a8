using System.CommandLine;

namespace Replicate.Cli.Commands;

/// <summary>Rules of usage that several commands share.</summary>
internal static class Usage
{
    /// <summary>Refuses two options at once.</summary>
    public static void Refuse(this Command command, Option<bool> one, Option<bool> other) =>
        command.Validators.Add(result =>
        {
            if (result.GetValue(one) && result.GetValue(other))
            {
                result.AddError($"{one.Name} and {other.Name} cannot be used together.");
            }
        });
}
