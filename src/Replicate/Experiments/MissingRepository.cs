using Replicate.Configuration;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate;

/// <summary>Warns where nothing was found because nothing is there: the repository, or a project at all.</summary>
internal static class MissingRepository
{
    // What a directory holds beyond this is not looked at for what was meant.
    private const int MaxNeighbours = 1000;

    /// <summary>Warns where the repository isn't there. An empty one, or an empty directory for one, is fine.</summary>
    /// <param name="project">The project, in whose repository nothing was found.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static async Task WarnAsync(Project project, CancellationToken cancellationToken)
    {
        if (await project.Workspace.Repository.CheckAsync(cancellationToken))
        {
            return;
        }

        var directory = StoreUrl.ToDirectory(project.Repository);
        if (directory is null || Directory.Exists(directory))
        {
            // A bucket, or a directory that somebody made for it.
            if (directory is null || Try(() => Directory.EnumerateFileSystemEntries(directory).Any()))
            {
                Log.Warn($"There is no repository at '{project.Repository}'; the first experiment makes one.");
            }

            return;
        }

        var isDefault = project.Configuration.ConfigurationFile is null
            && directory == Path.Combine(project.Directory, ProjectConfiguration.DefaultDirectory);
        Log.Warn(isDefault
            ? $"There is no project here: neither '{project.Directory}' nor a directory above it has a replicate.yaml, and there is no "
                + $"repository '{directory}'.{Question(project.Directory)}"
            : $"There is no repository at '{project.Repository}'; the first experiment makes one.{Nearest(directory)}");
    }

    /// <summary>A question after the one project that lies directly below a directory.</summary>
    private static string Question(string directory)
    {
        string[] below = [.. Neighbours(directory).Where(path => YamlConfiguration.Find(path) is not null || IsRepository(Path.Combine(path, ProjectConfiguration.DefaultDirectory))).Take(2)];
        return below.Length == 1 ? $" Did you mean the project in '{below[0]}'?" : "";
    }

    /// <summary>A question after the repository beside it that has the nearest name.</summary>
    private static string Nearest(string directory) =>
        Path.GetDirectoryName(directory) is { } parent
        && NearestName.Of(Path.GetFileName(directory), Neighbours(parent).Where(IsRepository).Select(path => Path.GetFileName(path))) is { } nearest
            ? $" Did you mean '{StoreUrl.OfDirectory(Path.Combine(parent, nearest))}'?"
            : "";

    private static bool IsRepository(string directory) => File.Exists(Path.Combine(directory, RepositoryKeys.Specification));

    private static string[] Neighbours(string directory)
    {
        string[] found = [];
        _ = Try(() => (found = [.. Directory.EnumerateDirectories(directory).Take(MaxNeighbours)]).Length > 0);
        return found;
    }

    private static bool Try(Func<bool> look)
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
