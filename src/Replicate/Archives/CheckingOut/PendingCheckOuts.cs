using System.Globalization;
using Replicate.Archives.Selecting;
using Replicate.Configuration;

namespace Replicate.Archives.CheckingOut;

/// <summary>Finishes the check-outs of this user whose process was killed.</summary>
internal static class PendingCheckOuts
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>
    /// Finishes each, or takes it back where that can't be done, and says so. One that is going on, and one whose directory can't be
    /// reached, is left.
    /// </summary>
    /// <param name="directory">Where their plans are; null for where this user's are.</param>
    public static void Finish(string? directory = null)
    {
        var plans = directory ?? CheckOutPlan.AllPlans;
        if (!Directory.Exists(plans))
        {
            return;
        }

        try
        {
            foreach (var path in Directory.GetFiles(plans))
            {
                LocalState.CheckPrivateFile(LocalState.StateRoot, path);
                using var plan = CheckOutPlan.TryOpen(path);
                if (plan is not null)
                {
                    Finish(plan);
                }
            }
        }
        catch (ReplicateException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            Log.Warn($"Check-outs that were killed are not finished. {error.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Verbose($"'{plans}' is passed over: {e.Message}");
        }
    }

    private static void Finish(CheckOutPlan plan)
    {
        if (plan.Target.Length == 0)
        {
            return;
        }

        try
        {
            if (!Directory.Exists(Path.Combine(plan.Target, plan.Staging)))
            {
                // All was done, or it is on a disk that is away for now, or on that of another machine.
                if (DateTime.UtcNow - plan.Written < Kept)
                {
                    plan.Leave();
                }

                return;
            }

            using var target = OpenDirectory.Open(plan.Target);
            FinishIn(target, plan);
            target.DeleteTree(plan.Staging);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            plan.Leave();
            Log.Warn($"A check-out into '{plan.Target}' was interrupted, and could not be finished: {e.Message}");
        }
    }

    private static void FinishIn(OpenDirectory target, CheckOutPlan plan)
    {
        using var staging = target.Child(plan.Staging);
        if (staging is null || plan.Files is null)
        {
            Log.Verbose($"What an interrupted check-out into '{plan.Target}' had read is removed; it had changed nothing.");
            return;
        }

        bool hasNewer;
        using (var placement = new Placement(target, staging))
        {
            try
            {
                placement.Place(plan.Files);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && placement.TryRollBack())
            {
                plan.Leave();
                throw;
            }

            hasNewer = placement.ReplacedPaths.Exists(
                path => File.GetLastWriteTimeUtc(staging.PathOf(ArchivePath.Combine(Placement.Replaced, path))) > plan.Written);
        }

        Log.Warn($"A check-out into '{plan.Target}' that was interrupted was finished: {plan.Files.Count} files are in their places.");
        if (hasNewer)
        {
            var kept = string.Create(CultureInfo.InvariantCulture, $"replaced-by-check-out-{DateTime.UtcNow:yyyyMMdd-HHmmss}");
            staging.TryMove(Placement.Replaced, target, kept);
            Log.Warn($"Files that were changed after the interruption, and then replaced, are kept in '{Path.Combine(plan.Target, kept)}'.");
        }
    }
}
